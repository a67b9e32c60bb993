package io.repowatch.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The directory of an embedded journal, held against everybody else from open to close. It contains
 *
 * <ul>
 *   <li>{@code FORMAT}: what this is, and the version of its format;
 *   <li>{@code store}: the key-value store; {@code acknowledged}: see {@link AcknowledgedMark}; {@code lock};
 *   <li>{@code UNFINISHED}, while it is a {@link JournalCopy} under way: nobody opens it then.
 * </ul>
 *
 * <p>A new journal is made as {@code store.new}, then gets its marker, then its name: whatever a crash leaves is either begun
 * anew or recognised, and a marker without any store means that the store was lost.
 */
final class JournalDirectory implements AutoCloseable {
    static final String STORE = "store";
    private static final String NEW_STORE = "store.new";
    static final String MARK = "acknowledged";
    private static final Set<String> LEFT_BY_A_CRASH =
            Set.of(DirectoryLock.NAME, NEW_STORE, MARK, FormatMarker.NAME + FormatMarker.NEW);

    private final Path directory;
    private final DirectoryLock lock;

    private JournalDirectory(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the directory, and makes a journal in it if it is missing or empty.
     *
     * @param makeStore makes an empty store at the given path
     * @throws JournalException if it cannot be taken safely; nothing in it was changed then
     */
    static JournalDirectory open(Path directory, Consumer<Path> makeStore) {
        try {
            Path real = create(directory);
            refuseForeign(real, names(real));
            DirectoryLock lock = DirectoryLock.take(real);
            try {
                JournalDirectory journal = new JournalDirectory(real, lock);
                journal.prepare(makeStore);
                return journal;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new JournalException("cannot use " + directory + " for a journal: " + e, e);
        }
    }

    Path path() {
        return directory;
    }

    Path store() {
        return directory.resolve(STORE);
    }

    Path mark() {
        return directory.resolve(MARK);
    }

    private static Path create(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new JournalException(directory + " is not a directory; give the journal a directory of its own");
        }
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        Path made = Files.createDirectories(directory).toRealPath();
        // The names of new directories are durable only once the directories that hold them are.
        for (Path parent = made; !parent.equals(existing.toRealPath()) && parent.getParent() != null; ) {
            parent = parent.getParent();
            FormatMarker.sync(parent);
        }
        return made;
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    private static void refuseForeign(Path directory, List<String> names) {
        if (names.contains(JournalCopy.UNFINISHED)) {
            throw JournalCopy.unfinished(directory);
        }
        if (names.contains(FormatMarker.NAME)) {
            return;
        }
        List<String> foreign = new ArrayList<>(names);
        foreign.removeAll(LEFT_BY_A_CRASH);
        if (foreign.contains(STORE)) {
            throw new JournalException(directory + " has a store but no " + FormatMarker.NAME
                    + " file, so the version of its format is unknown; restore the directory from a backup");
        }
        if (!foreign.isEmpty()) {
            throw new JournalException(directory + " is not a journal: it contains \"" + foreign.get(0)
                    + "\"; give the journal an empty directory or one that does not exist yet");
        }
    }

    private void prepare(Consumer<Path> makeStore) throws IOException {
        List<String> names = names(directory);
        refuseForeign(directory, names);
        if (names.contains(FormatMarker.NAME)) {
            FormatMarker.check(directory);
        }
        if (names.contains(STORE)) {
            return;
        }
        if (names.contains(FormatMarker.NAME) && !names.contains(NEW_STORE)) {
            throw new JournalException(directory + " is a journal that has lost its \"" + STORE
                    + "\" directory; restore the directory from a backup");
        }
        Path fresh = directory.resolve(NEW_STORE);
        delete(fresh);
        makeStore.accept(fresh);
        try (AcknowledgedMark mark = AcknowledgedMark.open(mark())) {
            mark.advance(0);
        }
        FormatMarker.write(directory);
        Files.move(fresh, store());
        FormatMarker.sync(directory);
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            List<Path> deepestFirst = new ArrayList<>(paths.toList());
            Collections.reverse(deepestFirst);
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
