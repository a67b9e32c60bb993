package io.repowatch.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that do not let a directory be renamed, immutable and append-only, in a move by hand: the commands that take and
 * give them back, and a look whether it has them again. What it had is kept in the record of the move, as nobody else remembers.
 *
 * @param letters what {@code chattr} calls them
 * @param everything whether all below the directory has them too and is in the way, as it goes to another file system
 */
record ManualAttributes(String letters, boolean everything) {
    private static final String KEY = "data.attributes";
    private static final String EVERYTHING = " everything";

    /** Keeps what the directory has now, unless that was kept before: it may have been taken since. */
    static void keep(MoveRecord record, MovePlaces places, FileStat old) throws IOException {
        String letters = letters(old.flags());
        if (!letters.isEmpty() && record.get(KEY) == null) {
            boolean everything =
                    Files.exists(FreezeRecord.file(places.oldShadow())) && old.device() != device(places.newData());
            record.set(KEY, letters + (everything ? EVERYTHING : ""));
        }
    }

    /** What the directory had; null if nothing. */
    static @Nullable ManualAttributes of(MoveRecord record) {
        String kept = record.get(KEY);
        return kept == null ? null : new ManualAttributes(kept.replace(EVERYTHING, ""), kept.endsWith(EVERYTHING));
    }

    private static String letters(int flags) {
        return ((flags & FileStat.IMMUTABLE) == 0 ? "" : "i") + ((flags & FileStat.APPEND) == 0 ? "" : "a");
    }

    /** Where something will be whose parents may not exist yet. */
    private static long device(Path place) throws IOException {
        Path parent = place.resolveSibling("");
        while (!Files.isDirectory(parent)) {
            parent = parent.resolveSibling("");
        }
        try (Handle there = Handle.directory(parent)) {
            return there.stat().device();
        }
    }

    String take(Path directory) {
        return command("-" + letters, directory);
    }

    String give(Path directory) {
        return command("+" + letters, directory);
    }

    private String command(String change, Path directory) {
        String quoted = ShellQuote.of(PathBytes.of(directory));
        return everything
                ? "find " + quoted + " -xdev '(' -type f -o -type d ')' -exec chattr " + change + " '{}' +"
                : "chattr " + change + " " + quoted;
    }

    /** The directory at its new place is to have them again. */
    void look(Path directory, FileStat now, Path record, List<String> missing, List<String> commands) {
        if (!letters(now.flags()).equals(letters)) {
            missing.add("the data has not yet the attributes that it had, " + letters
                    + "; give it them, or, where there are none, run: rm -- " + ShellQuote.of(PathBytes.of(record)));
            commands.add(give(directory));
        }
    }
}
