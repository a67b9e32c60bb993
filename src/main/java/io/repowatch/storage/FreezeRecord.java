package io.repowatch.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a freeze took, in the shadow at {@code .git/fso/freeze}, on disk before anything is changed. Most things had the same
 * before; only those that had something else are named, which is what takes memory. For one thread, under the repo's lock.
 */
final class FreezeRecord {
    private static final String FIRST_LINE = "repowatch-freeze 1";
    private static final String NOTED = "noted";
    private static final String BEGUN = "begun";
    private static final String COMPLETE = "complete";
    private static final String RESTORED = "restored";

    private final Path file;
    private final UUID workflow;
    private final FreezeMethod method;
    private final int usual;
    private final Map<String, Integer> before = new HashMap<>();
    private final List<String> pending = new ArrayList<>();
    private boolean begun;
    private boolean complete;
    private boolean restored;

    private FreezeRecord(Path file, UUID workflow, FreezeMethod method, int usual) {
        this.file = file;
        this.workflow = workflow;
        this.method = method;
        this.usual = usual;
    }

    static Path file(Path shadow) {
        return shadow.resolve(ShadowRepo.GIT).resolve("fso").resolve("freeze");
    }

    /** A new record, in place of any other. What the root has now is taken for what things usually have. */
    static FreezeRecord begin(Path shadow, UUID workflow, FreezeMethod method, FileStat root) throws IOException {
        int usual = method == FreezeMethod.IMMUTABLE ? 0 : root.writeBits();
        FreezeRecord record = new FreezeRecord(file(shadow), workflow, method, usual);
        String start = header(workflow, method, usual);
        if (method.bits(root) != usual) {
            record.before.put("", method.bits(root));
            start += method.bits(root) + " \n";
        }
        Durable.replace(record.file, start);
        return record;
    }

    /** A record for data that another program froze with the immutable attribute, which nothing had before. */
    static FreezeRecord adopt(Path shadow, UUID workflow) throws IOException {
        FreezeRecord record = new FreezeRecord(file(shadow), workflow, FreezeMethod.IMMUTABLE, 0);
        Durable.replace(record.file, header(workflow, FreezeMethod.IMMUTABLE, 0) + BEGUN + "\n" + COMPLETE + "\n");
        record.begun = true;
        record.complete = true;
        return record;
    }

    private static String header(UUID workflow, FreezeMethod method, int usual) {
        return FIRST_LINE + "\nworkflow " + workflow + "\nmethod " + method + "\nusual " + usual + "\n";
    }

    /**
     * The record in a shadow; null if there is none.
     *
     * @throws IOException if it cannot be read, or says what nobody has written
     */
    static @Nullable FreezeRecord read(Path shadow) throws IOException {
        String text;
        try {
            text = Files.readString(file(shadow), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return null;
        }
        // What has no end of line was being written when the process died, and nothing was done on its account.
        String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1);
        try {
            if (!lines[0].equals(FIRST_LINE)) {
                throw new IllegalArgumentException("the first line is not " + FIRST_LINE);
            }
            FreezeRecord record = new FreezeRecord(
                    file(shadow),
                    UUID.fromString(value(lines[1], "workflow ")),
                    FreezeMethod.valueOf(value(lines[2], "method ")),
                    Integer.parseInt(value(lines[3], "usual ")));
            for (int i = 4; i < lines.length - 1; i++) {
                record.take(lines[i]);
            }
            return record;
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(
                    "damaged freeze record " + PathBytes.printable(file(shadow)) + ": " + e.getMessage(), e);
        }
    }

    private static String value(String line, String key) {
        if (!line.startsWith(key)) {
            throw new IllegalArgumentException("no " + key.strip() + " in " + PathBytes.printable(line));
        }
        return line.substring(key.length());
    }

    private void take(String line) {
        if (line.equals(BEGUN)) {
            begun = true;
        } else if (line.equals(COMPLETE)) {
            complete = true;
        } else if (line.equals(RESTORED)) {
            restored = true;
        } else {
            int space = line.indexOf(' ');
            String key = line.startsWith(NOTED) ? line : line.substring(space + 1);
            before.put(key, line.startsWith(NOTED) ? 0 : Integer.parseInt(line.substring(0, space)));
        }
    }

    UUID workflow() {
        return workflow;
    }

    FreezeMethod method() {
        return method;
    }

    /** Whether the method is known to work; before that, nothing but the root may have been changed. */
    boolean isBegun() {
        return begun;
    }

    /** Whether everything was frozen, and the shadow says so. */
    boolean isComplete() {
        return complete;
    }

    /** Whether everything was given back. */
    boolean isRestored() {
        return restored;
    }

    /** What the thing had before; what things usually have, if it is not named. */
    int before(RelativePath path) {
        return before.getOrDefault(key(path), usual);
    }

    boolean names(RelativePath path) {
        return before.containsKey(key(path));
    }

    /** Whether the thing has to be named before it is changed. */
    boolean isUnusual(FileStat stat) {
        return method.bits(stat) != usual || stat.isRegular() && stat.links() > 1;
    }

    /** Names a thing; on disk with the next {@link #sync}. */
    void note(RelativePath path, int bits) {
        String key = key(path);
        before.put(key, bits);
        pending.add(bits + " " + key);
    }

    /** Says that all in a directory that was frozen before has been noted. */
    void noted(RelativePath directory) throws IOException {
        String key = NOTED + " " + key(directory);
        before.put(key, 0);
        pending.add(key);
        sync();
    }

    boolean isNoted(RelativePath directory) {
        return before.containsKey(NOTED + " " + key(directory));
    }

    void sync() throws IOException {
        if (pending.isEmpty()) {
            return;
        }
        append(String.join("\n", pending) + "\n");
        pending.clear();
    }

    void begun() throws IOException {
        append(BEGUN + "\n");
        begun = true;
    }

    void complete() throws IOException {
        if (!complete) {
            append(COMPLETE + "\n");
            complete = true;
        }
    }

    void restored() throws IOException {
        if (!restored) {
            append(RESTORED + "\n");
            restored = true;
        }
    }

    private void append(String lines) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.position(endOfLines(channel));
            ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.truncate(channel.position());
            channel.force(true);
        }
    }

    // Half a line from a process that died, or from a disk that was full, must not run into the next one.
    private static long endOfLines(FileChannel channel) throws IOException {
        long end = channel.size();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (end > 0) {
            one.clear();
            channel.read(one, end - 1);
            if (one.get(0) == '\n') {
                break;
            }
            end--;
        }
        return end;
    }

    /** Removes it: the data is as it was. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
        Durable.sync(file.resolveSibling(""));
    }

    private static String key(RelativePath path) {
        StringBuilder key = new StringBuilder();
        for (byte b : path.bytes()) {
            char c = (char) (b & 0xFF);
            if (c > ' ' && c < 0x7F && c != '%') {
                key.append(c);
            } else {
                key.append(String.format("%%%02X", (int) c));
            }
        }
        return key.toString();
    }
}
