package io.repowatch.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which repos of a host may have a freeze record, as empty files in one directory below the shadow root: so that a repo that never
 * was frozen, which is nearly every one, is enabled without a look at its shadow. A mark may be there without a record, never the
 * other way round. Thread-safe.
 */
final class FreezeMarks {
    private final Path directory;
    private final Set<UUID> known = ConcurrentHashMap.newKeySet();

    FreezeMarks(Path shadowRoot) {
        this.directory = shadowRoot.resolve(".repowatch").resolve("frozen");
    }

    /** Reads them from the disk. Blocks. */
    FreezeMarks load() throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            for (Path name : names) {
                try {
                    known.add(UUID.fromString(name.getFileName().toString()));
                } catch (IllegalArgumentException e) {
                    // Nothing of ours.
                    continue;
                }
            }
        } catch (NoSuchFileException e) {
            return this;
        }
        return this;
    }

    boolean contains(UUID repo) {
        return known.contains(repo);
    }

    /** On disk when this returns. Blocks. */
    void add(UUID repo) throws IOException {
        Path mark = directory.resolve(repo.toString());
        if (!Files.exists(mark)) {
            Durable.makeDirectories(directory);
            Files.createFile(mark);
            Durable.sync(directory);
        }
        known.add(repo);
    }

    /** Blocks. */
    void remove(UUID repo) throws IOException {
        Files.deleteIfExists(directory.resolve(repo.toString()));
        known.remove(repo);
    }
}
