package io.repowatch.service.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The rounds of a row as text for people, in Markdown, and as one line of CSV for each figure. */
final class Report {
    private Report() {}

    static List<String> of(Row row, List<Round> rounds) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("## " + row.number() + ". " + row.title());
        lines.add("");
        lines.add("| side | figure | median | min | max |");
        lines.add("| --- | --- | ---: | ---: | ---: |");
        for (String side : row.sides()) {
            row.missing(side).ifPresent(why -> lines.add("| " + side + " | not measured: " + why + " | | | |"));
            rounds.stream()
                    .map(round -> round.samples().get(side))
                    .filter(sample -> sample != null)
                    .findFirst()
                    .ifPresent(first -> first.figures().keySet().forEach(name -> lines.add(line(side, name, rounds))));
        }
        lines.add("");
        row.goals().forEach(goal -> lines.add(verdict(goal, rounds)));
        lines.add("- Bound: " + row.bound());
        return lines;
    }

    private static String line(String side, String name, List<Round> rounds) {
        double[] values = rounds.stream()
                .flatMapToDouble(round -> round.figure(side, name).stream())
                .sorted()
                .toArray();
        return String.join(
                        " | ",
                        "| " + side,
                        name,
                        number(median(values)),
                        number(values[0]),
                        number(values[values.length - 1]))
                + " |";
    }

    private static String verdict(Goal goal, List<Round> rounds) {
        double[] values = rounds.stream()
                .flatMapToDouble(round -> goal.value(round).stream())
                .sorted()
                .toArray();
        if (values.length == 0) {
            return "- " + goal.what() + ": not measured (" + goal.wanted() + ")";
        }
        double median = median(values);
        return "- " + goal.what() + ": **" + number(median) + "** (" + number(values[0]) + "-"
                + number(values[values.length - 1]) + "); " + goal.wanted() + (goal.isMet(median) ? "" : ": MISSED");
    }

    /** Appends all figures of a row to a file that has a line for each. */
    static void append(Path csv, Row row, List<Round> rounds) throws IOException {
        List<String> lines = new ArrayList<>();
        if (!Files.exists(csv)) {
            lines.add("row,round,side,figure,value");
        }
        for (int i = 0; i < rounds.size(); i++) {
            int round = i + 1;
            rounds.get(i).samples().forEach((side, sample) -> {
                for (Map.Entry<String, Double> figure : sample.figures().entrySet()) {
                    lines.add(String.join(
                            ",",
                            "" + row.number(),
                            "" + round,
                            quoted(side),
                            quoted(figure.getKey()),
                            "" + figure.getValue()));
                }
            });
        }
        Files.createDirectories(csv.toAbsolutePath().getParent());
        Files.write(csv, lines, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
    }

    /** As RFC 4180 wants it: names may have commas. */
    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The middle of the values, or of the middle two. */
    static double median(double... values) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The value that this share of the sorted values is not above. */
    static double percentile(double[] values, double share) {
        double[] sorted = Arrays.copyOf(values, values.length);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.round(share * (sorted.length - 1)))];
    }

    /** Three digits or so. */
    static String number(double value) {
        double size = Math.abs(value);
        String form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, form, value);
    }
}
