package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import io.repowatch.storage.DataEntry.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The first look at a data directory. */
final class DataDirectory {
    private DataDirectory() {}

    /** Strong error, with advice, unless it is a directory (or a link to one). A missing one is never taken for empty. */
    static void require(Path path) {
        DataEntry entry;
        try {
            entry = DataEntry.read(path.toRealPath());
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        } catch (IOException e) {
            throw ReadErrors.explained(path, e);
        }
        if (entry == null) {
            throw missing(path, null);
        }
        if (entry.kind() != Kind.DIRECTORY) {
            throw new StrongError(
                    "not a directory; replace it by one, then clear the error: " + PathBytes.printable(path));
        }
        if (!Files.isReadable(path) || !Files.isExecutable(path)) {
            throw ReadErrors.forbidden(path, null);
        }
    }

    private static StrongError missing(Path path, @Nullable Throwable cause) {
        return new StrongError(
                "no such directory; create or mount it, then clear the error: " + PathBytes.printable(path), cause);
    }
}
