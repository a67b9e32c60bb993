package io.repowatch.storage;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What a blob of the stat branch says (storage specification §5.3); what it does not say is zero.
 *
 * @param submodule the commit that is checked out in a nested git repo
 */
record StatAttributes(
        long mtime,
        long size,
        long dirs,
        long files,
        long links,
        long others,
        @Nullable ObjectId submodule) {

    /**
     * Reads the lines, whoever wrote them.
     *
     * @throws IllegalArgumentException if there is no mtime, or if a value is malformed
     */
    static StatAttributes parse(byte[] text) {
        Map<String, String> lines = new HashMap<>();
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                lines.putIfAbsent(
                        line.substring(0, colon), line.substring(colon + 2).strip());
            }
        }
        if (!lines.containsKey("mtime")) {
            throw new IllegalArgumentException("no mtime");
        }
        String submodule = lines.get("submodule");
        return new StatAttributes(
                number(lines, "mtime"),
                number(lines, "size"),
                number(lines, "dirs"),
                number(lines, "files"),
                number(lines, "links"),
                number(lines, "others"),
                submodule == null ? null : ObjectId.fromString(submodule));
    }

    private static long number(Map<String, String> lines, String key) {
        String value = lines.getOrDefault(key, "0");
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is no number: " + PathBytes.printable(value), e);
        }
    }

    /** Whether this is a directory that is summed up as a whole. */
    boolean isBundle() {
        return dirs > 0 && submodule == null;
    }
}
