package io.repowatch.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file that is written last into a backup, and without which it is none.
 *
 * @param position the position of the newest append in it
 * @param shadows how many shadow repos are in it, null if it is of the journal only
 * @param data the data directory that it is of
 */
record BackupMarker(long position, @Nullable Integer shadows, String data) {
    static final String NAME = "BACKUP";
    private static final int VERSION = 1;
    private static final Pattern FORMAT = Pattern.compile("repowatch backup\nformat version (\\d{1,9})\n");
    private static final Pattern REST = Pattern.compile(
            "journal position (\\d{1,18})\nshadow repos (none|\\d{1,9})\ndata directory (.+)\n", Pattern.DOTALL);

    /** What is in it, for people. */
    String contents() {
        String what = "the journal up to position " + position;
        return shadows == null ? what + ", no shadow repos" : what + ", and " + shadows + " shadow repos";
    }

    /** Puts the marker there, whole or not at all, and brings it to the disk. */
    void write(Path backup) throws IOException {
        String text = "repowatch backup\nformat version " + VERSION + "\njournal position " + position
                + "\nshadow repos " + (shadows == null ? "none" : shadows) + "\ndata directory " + data + "\n";
        Path fresh = backup.resolve(NAME + ".new");
        Files.writeString(fresh, text);
        sync(fresh);
        Files.move(fresh, backup.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        sync(backup);
    }

    /** Reads the marker; a {@link Failure} says why the directory is not a backup that can be restored. */
    static BackupMarker read(Path backup) throws IOException {
        Path file = backup.resolve(NAME);
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw Failure.refused(
                    backup + " is not a backup that was finished: it has no file " + NAME
                            + "; name a directory that \"repowatch backup\" has said it made",
                    e);
        }
        Matcher format = FORMAT.matcher(text);
        int version = format.lookingAt() ? Integer.parseInt(format.group(1)) : 0;
        if (version > VERSION) {
            throw Failure.refused(backup + " has backup format version " + version
                    + "; this version of Repowatch reads up to " + VERSION + "; use a newer Repowatch");
        }
        Matcher rest = REST.matcher(version < VERSION ? "" : text.substring(format.end()));
        if (!rest.matches()) {
            throw Failure.refused(file + " is damaged; use another backup");
        }
        String shadows = rest.group(2);
        return new BackupMarker(
                Long.parseLong(rest.group(1)), shadows.equals("none") ? null : Integer.valueOf(shadows), rest.group(3));
    }

    /** Brings a file's content, or a directory's list of names, to the disk. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
