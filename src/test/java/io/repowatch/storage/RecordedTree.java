package io.repowatch.storage;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The stat branch as the git command line tells it, decoded by hand. */
final class RecordedTree {
    private RecordedTree() {}

    /** Path (bytes as ISO 8859-1 text; the root is a dot) to what is recorded of it. */
    static Map<String, HostileTree.Entry> read(GitCommand git) {
        Map<String, String> blobs = blobs(git);
        Map<String, HostileTree.Entry> entries = new TreeMap<>();
        git.tree("master-stat").forEach((path, modeAndId) -> {
            String[] parts = modeAndId.split(" ");
            String text = blobs.get(parts[1]);
            if (path.equals(".nogtree")) {
                entries.put(".", HostileTree.Entry.directory(number(text, "mtime")));
            } else if (path.endsWith("/.nogtree")) {
                entries.put(
                        path.substring(0, path.length() - "/.nogtree".length()),
                        HostileTree.Entry.directory(number(text, "mtime")));
            } else if (parts[0].equals("120000")) {
                entries.put(path, HostileTree.Entry.link(text));
            } else if (!path.equals(".gitignore")) {
                entries.put(path, HostileTree.Entry.file(number(text, "size"), number(text, "mtime")));
            }
        });
        return entries;
    }

    private static long number(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 2)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " in " + text));
    }

    private static Map<String, String> blobs(GitCommand git) {
        String all = new String(git.bytes("cat-file", "--batch-all-objects", "--batch"), StandardCharsets.ISO_8859_1);
        Map<String, String> blobs = new HashMap<>();
        for (int i = 0; i < all.length(); ) {
            int end = all.indexOf('\n', i);
            String[] header = all.substring(i, end).split(" ");
            int size = Integer.parseInt(header[2]);
            if (header[1].equals("blob")) {
                blobs.put(header[0], all.substring(end + 1, end + 1 + size));
            }
            i = end + 1 + size + 1;
        }
        return blobs;
    }
}
