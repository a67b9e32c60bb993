package io.repowatch.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A git repository inside the data: whose {@code .git} it is and the commit that is checked out. Read by hand, a few small files
 * only, because the data is not ours: no configuration of it is looked at, and nothing that is no regular file is opened (a named
 * pipe would block for ever).
 *
 * @param dotGit the {@code .git} directory or file
 * @param commit 40 hex digits; null if there is no commit yet or the repository stores it in a way not known here
 */
record NestedGit(DataEntry dotGit, @Nullable String commit) {
    private static final int MAX_SMALL_FILE = 4096;
    private static final long MAX_PACKED_REFS = 64L << 20;
    private static final int MAX_LINKS = 5;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern REF = Pattern.compile("refs/[^\\x00-\\x20\\x7F]+");

    /** Null unless the directory is the top of a git work tree. A mere file called {@code .git} does not make it one. */
    static @Nullable NestedGit in(DataEntry directory) throws IOException {
        DataEntry dotGit = DataEntry.read(directory.path().resolve(".git"));
        if (dotGit == null) {
            return null;
        }
        Path gitDirectory = gitDirectory(dotGit);
        String head = gitDirectory == null ? null : smallFile(gitDirectory.resolve("HEAD"));
        if (gitDirectory == null || head == null || !looksLikeHead(head)) {
            return null;
        }
        return new NestedGit(dotGit, resolve(gitDirectory, head));
    }

    private static @Nullable Path gitDirectory(DataEntry dotGit) throws IOException {
        if (dotGit.isDirectory()) {
            return dotGit.path();
        }
        String pointer = smallFile(dotGit.path());
        return pointer == null || !pointer.startsWith("gitdir: ")
                ? null
                : other(dotGit.path().resolveSibling(""), pointer.substring("gitdir: ".length()));
    }

    private static boolean looksLikeHead(String head) {
        return head.startsWith("ref: ") || COMMIT.matcher(head).matches() || head.matches("[0-9a-f]{64}");
    }

    private static @Nullable String resolve(Path gitDirectory, String head) throws IOException {
        String commonPointer = smallFile(gitDirectory.resolve("commondir"));
        Path common = commonPointer == null ? gitDirectory : other(gitDirectory, commonPointer);
        String value = head;
        for (int i = 0; i < MAX_LINKS && value != null; i++) {
            if (COMMIT.matcher(value).matches()) {
                return value;
            }
            String ref = value.startsWith("ref: ") ? value.substring("ref: ".length()) : "";
            if (!REF.matcher(ref).matches() || ref.contains("..")) {
                return null;
            }
            String own = smallFile(other(gitDirectory, ref));
            String shared = own == null ? smallFile(other(common, ref)) : own;
            value = shared == null ? packed(common.resolve("packed-refs"), ref) : shared;
        }
        return null;
    }

    // The text came from bytes one to one, so it goes back the same way.
    private static Path other(Path base, String text) {
        return PathBytes.resolve(base, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static @Nullable String packed(Path file, String ref) throws IOException {
        DataEntry entry = DataEntry.read(file);
        if (entry == null || entry.kind() != DataEntry.Kind.FILE || entry.size() > MAX_PACKED_REFS) {
            return null;
        }
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            return lines.lines()
                    .filter(line -> line.endsWith(" " + ref) && line.length() == 41 + ref.length())
                    .map(line -> line.substring(0, 40))
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw ReadErrors.explained(file, e);
        }
    }

    private static @Nullable String smallFile(Path file) {
        DataEntry entry = DataEntry.read(file);
        if (entry == null || entry.kind() != DataEntry.Kind.FILE || entry.size() > MAX_SMALL_FILE) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_SMALL_FILE), StandardCharsets.ISO_8859_1).stripTrailing();
        } catch (IOException e) {
            throw ReadErrors.explained(file, e);
        }
    }
}
