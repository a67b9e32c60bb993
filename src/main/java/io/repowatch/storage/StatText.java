package io.repowatch.storage;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The texts of the blobs on the stat branch: one {@code key: value} per line (storage specification §5.3). */
final class StatText {
    private final StringBuilder text = new StringBuilder(96);

    private StatText(byte[] name) {
        text.append("name: ").append(json(name)).append('\n');
    }

    static byte[] file(byte[] name, DataEntry file) {
        return new StatText(name)
                .line("size", file.size())
                .line("mtime", file.mtime())
                .bytes();
    }

    static byte[] directory(byte[] name, DataEntry directory) {
        return new StatText(name).line("mtime", directory.mtime()).bytes();
    }

    /** A directory that is summed up rather than entered; with the commit if it is a git repo that has one. */
    static byte[] bundle(byte[] name, DataEntry directory, Totals sums, @Nullable String commit) {
        StatText text = new StatText(name).line("mtime", directory.mtime()).counts("", sums);
        return (commit == null ? text : text.line("submodule", commit)).bytes();
    }

    static byte[] root(RootSummary summary) {
        StatText text = new StatText("root".getBytes(StandardCharsets.US_ASCII))
                .line("mtime", summary.root().mtime())
                .counts("", summary.sums())
                .line("mtime_min", summary.sums().mtimeMin())
                .line("mtime_max", summary.sums().mtimeMax())
                .line("attrs", summary.frozen() ? "\"i\"" : "\"\"");
        NestedGit git = summary.git();
        if (git != null && git.commit() != null) {
            text.line("git", git.commit())
                    .line("git_mtime", git.dotGit().mtime())
                    .counts("git_", summary.gitSums());
        }
        return text.bytes();
    }

    private StatText counts(String prefix, Totals sums) {
        return line(prefix + "dirs", sums.dirs())
                .line(prefix + "files", sums.files())
                .line(prefix + "links", sums.links())
                .line(prefix + "others", sums.others())
                .line(prefix + "size", sums.size());
    }

    private StatText line(String key, long value) {
        text.append(key).append(": ").append(value).append('\n');
        return this;
    }

    private StatText line(String key, String value) {
        text.append(key).append(": ").append(value).append('\n');
        return this;
    }

    private byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A JSON string that is a YAML string too. Bytes that are not UTF-8 become replacement characters: the exact bytes are the
     * name of the tree entry.
     */
    static String json(byte[] name) {
        StringBuilder quoted = new StringBuilder(name.length + 2).append('"');
        new String(name, StandardCharsets.UTF_8).chars().forEach(c -> appendQuoted(quoted, (char) c));
        return quoted.append('"').toString();
    }

    private static void appendQuoted(StringBuilder quoted, char c) {
        switch (c) {
            case '"', '\\' -> quoted.append('\\').append(c);
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            case '\b' -> quoted.append("\\b");
            case '\f' -> quoted.append("\\f");
            default -> {
                if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || c >= 0xFFFE) {
                    quoted.append(String.format("\\u%04x", (int) c));
                } else {
                    quoted.append(c);
                }
            }
        }
    }
}
