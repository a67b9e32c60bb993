package io.repowatch.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file that says that a directory is a journal, and in which version of the stored format. */
final class FormatMarker {
    static final String NAME = "FORMAT";
    static final String NEW = ".new";
    private static final int VERSION = 1;
    private static final Pattern TEXT = Pattern.compile("repowatch journal\nformat version (\\d{1,9})\n");

    private FormatMarker() {}

    /** Puts the marker there whole or not at all. */
    static void write(Path directory) throws IOException {
        Path fresh = directory.resolve(NAME + NEW);
        byte[] text = ("repowatch journal\nformat version " + VERSION + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(text);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(fresh, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
    }

    /** Makes durable which names a directory has. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** @throws JournalException if this version of Repowatch cannot read the format */
    static void check(Path directory) throws IOException {
        Path marker = directory.resolve(NAME);
        String text = new String(Files.readAllBytes(marker), StandardCharsets.ISO_8859_1);
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new JournalException(marker + " is damaged; restore the directory from a backup");
        }
        int version = Integer.parseInt(matcher.group(1));
        if (version > VERSION) {
            throw new JournalException(directory + " has format version " + version
                    + "; this version of Repowatch reads up to " + VERSION + "; use a newer Repowatch");
        }
        if (version < VERSION) {
            throw new JournalException(marker + " is damaged: there is no format version " + version
                    + "; restore the directory from a backup");
        }
    }
}
