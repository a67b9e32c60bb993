package io.repowatch.service;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command writes: results as tables for people or as JSON for machines. */
record Terminal(CommandLine commandLine) {

    /** The terminal of the command that picocli filled in. */
    static Terminal of(@Nullable CommandSpec spec) {
        return new Terminal(
                Objects.requireNonNull(spec, "picocli sets the spec").commandLine());
    }

    PrintWriter out() {
        return commandLine.getOut();
    }

    PrintWriter err() {
        return commandLine.getErr();
    }

    /** Prints one line of a result. */
    void line(String text) {
        out().println(printable(text));
    }

    /** Prints a table with left-aligned columns; the last one may be as wide as it likes. */
    void table(List<String> header, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(header);
        for (List<String> row : rows) {
            all.add(row.stream().map(Terminal::printable).toList());
        }
        int[] widths = new int[header.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                line.append(cell);
                if (i < widths.length - 1) {
                    line.append(" ".repeat(widths[i] - cell.length() + 2));
                }
            }
            out().println(line.toString().stripTrailing());
        }
    }

    /** Replaces control characters, which a path may hold, so that they cannot steer the terminal or fake a line. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                printable.append(String.format("\\x%02x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }
}
