package io.repowatch.service.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Runs rows one after the other, the sides of each in turn, and prints what they show. For one thread, which it blocks. */
public final class Bench {
    private final Config config;
    private final PrintWriter out;
    private final PrintWriter progress;

    /**
     * What to measure.
     *
     * @param rows their numbers; empty for all
     * @param repos how many repos or other items each row shall have; absent for the number that its goal names
     * @param rounds how often each side is measured, after once that does not count; at least 1
     * @param csv where the figures of every round go; an older file is replaced
     */
    public record Config(Set<Integer> rows, OptionalInt repos, int rounds, Path csv) {
        /**
         * Checks.
         *
         * @throws IllegalArgumentException naming the value, and what it may be
         */
        public Config {
            Set<Integer> known = numbers();
            for (int row : rows) {
                if (!known.contains(row)) {
                    throw new IllegalArgumentException("--rows " + row + ": there is no such row; there are " + known);
                }
            }
            if (rounds < 1) {
                throw new IllegalArgumentException("--rounds " + rounds + " is out of range; it must be at least 1");
            }
            if (repos.isPresent() && repos.getAsInt() < 1) {
                throw new IllegalArgumentException(
                        "--repos " + repos.getAsInt() + " is out of range; it must be at least 1");
            }
            rows = Set.copyOf(rows);
        }
    }

    /**
     * One run.
     *
     * @param out where the tables go
     * @param progress where it says what it is doing
     */
    public Bench(Config config, PrintWriter out, PrintWriter progress) {
        this.config = config;
        this.out = out;
        this.progress = progress;
    }

    private static Set<Integer> numbers() {
        Set<Integer> numbers = new TreeSet<>();
        Rows.ALL.keySet().forEach(numbers::add);
        return numbers;
    }

    /**
     * Measures.
     *
     * @throws Exception if a row cannot be measured; what the rows before it have shown is printed, and what was made is removed
     */
    public void run() throws Exception {
        Files.deleteIfExists(config.csv());
        environment().forEach(out::println);
        for (int number : numbers()) {
            if (config.rows().isEmpty() || config.rows().contains(number)) {
                try (Workshop workshop = Workshop.open(config.repos(), progress);
                        Row row = java.util.Objects.requireNonNull(Rows.ALL.get(number))
                                .apply(workshop)) {
                    run(row, workshop);
                }
            }
        }
    }

    private void run(Row row, Workshop workshop) throws Exception {
        workshop.say("row " + row.number() + ": " + row.title());
        row.prepare();
        List<Round> rounds = new ArrayList<>();
        for (int round = 0; round <= config.rounds(); round++) {
            Round measured = round(row, round);
            workshop.say("round " + round + (round == 0 ? " (does not count): " : ": ") + measured.samples());
            if (round > 0) {
                rounds.add(measured);
            }
        }
        Report.of(row, rounds).forEach(out::println);
        out.flush();
        Report.append(config.csv(), row, rounds);
    }

    /** Every second round the other way round, so that none of the sides always comes after the same one. */
    private static Round round(Row row, int number) throws Exception {
        List<String> sides = new ArrayList<>(row.sides());
        if (number % 2 == 1) {
            Collections.reverse(sides);
        }
        Map<String, Sample> samples = new LinkedHashMap<>();
        for (String side : sides) {
            if (row.missing(side).isEmpty()) {
                samples.put(side, row.measure(side));
            }
        }
        return new Round(samples);
    }

    private List<String> environment() throws IOException {
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
        return List.of(
                "# repowatch bench",
                "",
                "- Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.version"),
                "- processors: " + Runtime.getRuntime().availableProcessors() + ", heap of this process at most "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB, flags " + flags,
                "- libraries: " + Versions.text(),
                "- rounds: " + config.rounds() + ", figures of every round: " + config.csv());
    }
}
