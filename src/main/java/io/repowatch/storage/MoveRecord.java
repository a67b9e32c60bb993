package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a move must not forget when the process dies, in a file beside the new shadow: which directories it moves, by identity, and
 * what it took from them for the time being. Every change is on disk when the call returns. For one thread, under the repo's lock.
 */
final class MoveRecord {
    private static final String FIRST_LINE = "repowatch-move 1";

    private final Path file;
    private final Map<String, String> values = new TreeMap<>();

    private MoveRecord(Path file) {
        this.file = file;
    }

    static Path file(Path newShadow, UUID workflow) {
        return newShadow.resolveSibling(newShadow.getFileName() + ".move-" + workflow);
    }

    /** What is on disk; nothing if there is no file. */
    static MoveRecord read(Path newShadow, UUID workflow) throws IOException {
        MoveRecord record = new MoveRecord(file(newShadow, workflow));
        String text;
        try {
            text = Files.readString(record.file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return record;
        }
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(FIRST_LINE)) {
            throw new IOException("not written by this version: " + PathBytes.printable(record.file));
        }
        for (int i = 1; i < lines.length - 1; i++) {
            int space = lines[i].indexOf(' ');
            if (space < 0) {
                throw new IOException("damaged: " + PathBytes.printable(record.file));
            }
            record.values.put(lines[i].substring(0, space), lines[i].substring(space + 1));
        }
        return record;
    }

    Path path() {
        return file;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    @Nullable
    String get(String key) {
        return values.get(key);
    }

    /** The identity kept under the key; null if there is none. */
    @Nullable
    FileId id(String key) throws IOException {
        String text = values.get(key);
        try {
            return text == null ? null : FileId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("damaged: " + PathBytes.printable(file) + ": " + e.getMessage(), e);
        }
    }

    /** Whether the thing is the one whose identity is kept under the key. */
    boolean names(String key, @Nullable FileStat stat) throws IOException {
        FileId id = id(key);
        return id != null && stat != null && id.is(stat);
    }

    void set(String key, String value) throws IOException {
        if (!value.equals(values.put(key, value))) {
            save();
        }
    }

    void remove(String key) throws IOException {
        if (values.remove(key) != null) {
            save();
        }
    }

    private void save() throws IOException {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        values.forEach(
                (key, value) -> text.append(key).append(' ').append(value).append('\n'));
        Durable.replace(file, text.toString());
    }

    void delete() throws IOException {
        if (Files.deleteIfExists(file)) {
            Durable.sync(file.resolveSibling(""));
        }
    }
}
