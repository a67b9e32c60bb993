package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a failed look into a data directory means. Missing permission needs a person (strong); the rest may pass (weak). A stored
 * error is short, so what happened and what to do come first and the path last.
 */
final class ReadErrors {
    private ReadErrors() {}

    static RuntimeException explained(Path path, IOException e) {
        if (e instanceof AccessDeniedException) {
            return forbidden(path, e);
        }
        if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return changed(path);
        }
        return new WeakError("cannot read (" + reason(e) + "): " + PathBytes.printable(path), e);
    }

    static StrongError forbidden(Path path, @Nullable Throwable cause) {
        return new StrongError(
                "permission denied; allow reading it, then clear the error: " + PathBytes.printable(path), cause);
    }

    static WeakError changed(Path path) {
        return new WeakError("vanished or replaced while it was read: " + PathBytes.printable(path));
    }

    static String reason(IOException e) {
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : PathBytes.printable(message);
    }
}
