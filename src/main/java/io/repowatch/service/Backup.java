package io.repowatch.service;

import io.repowatch.journal.JournalCopy;
import io.repowatch.journal.JournalException;
import io.repowatch.storage.ShadowCopy;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies a data directory to a backup and back. What is being made is marked as unfinished from its first file to its last, so
 * whatever ends it early leaves nothing that would be taken for a backup or for data; a failure leaves nothing at all. Every
 * reason is a {@link Failure}. Blocks.
 */
final class Backup {
    private static final String JOURNAL = "journal";
    private static final String SHADOWS = "shadow";

    private Backup() {}

    /** Makes a backup of {@code data} in {@code target}, which must be missing or empty. */
    static BackupMarker make(Path data, Path target, boolean journalOnly) {
        Path from = directory(data);
        requireApart(from, target);
        return into(target, () -> {
            JournalCopy journal = JournalCopy.begin(from.resolve(JOURNAL), target.resolve(JOURNAL));
            long position = journal.take();
            // After the journal: every shadow that its events name was complete before.
            Integer shadows = journalOnly ? null : ShadowCopy.copy(from.resolve(SHADOWS), target.resolve(SHADOWS));
            journal.finish();
            BackupMarker marker = new BackupMarker(position, shadows, from.toString());
            marker.write(target);
            return marker;
        });
    }

    /** Makes the data directory {@code data}, which must be missing or empty, from a backup. */
    static BackupMarker restore(Path backup, Path data) {
        Path from = directory(backup);
        requireApart(from, data);
        return into(data, () -> {
            BackupMarker marker = BackupMarker.read(from);
            JournalCopy journal = JournalCopy.begin(from.resolve(JOURNAL), data.resolve(JOURNAL));
            restoreShadows(from, data, marker.shadows());
            long position = journal.take();
            if (position != marker.position()) {
                throw Failure.refused("the journal in " + from + " ends at position " + position + ", not "
                        + marker.position() + " as when the backup was made; use another backup");
            }
            journal.finish();
            BackupMarker.sync(data);
            return marker;
        });
    }

    private static void restoreShadows(Path from, Path data, @Nullable Integer expected) throws IOException {
        if (expected == null) {
            return;
        }
        int shadows = ShadowCopy.copy(from.resolve(SHADOWS), data.resolve(SHADOWS));
        if (shadows != expected) {
            throw Failure.refused(from + " has " + shadows + " shadow repos, not " + expected
                    + " as when the backup was made; use another backup");
        }
    }

    private interface Work {
        BackupMarker run() throws IOException;
    }

    private static BackupMarker into(Path target, Work work) {
        boolean existed = requireEmpty(target);
        try {
            BackupMarker done = work.run();
            if (!existed && target.toAbsolutePath().getParent() != null) {
                BackupMarker.sync(target.toAbsolutePath().getParent());
            }
            return done;
        } catch (JournalException | IOException e) {
            delete(target, existed, e);
            throw Failure.refused(e instanceof JournalException ? String.valueOf(e.getMessage()) : reason(e), e);
        } catch (RuntimeException e) {
            delete(target, existed, e);
            throw e;
        }
    }

    // The messages of the file system's own exceptions are bare paths.
    private static String reason(Exception e) {
        return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
    }

    private static Path directory(Path path) {
        Path real = real(path);
        if (!Files.isDirectory(real)) {
            throw Failure.refused(path.toAbsolutePath() + " is not a directory");
        }
        return real;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw Failure.refused(path.toAbsolutePath() + " is not there or cannot be read: " + e, e);
        }
    }

    private static void requireApart(Path from, Path to) {
        Path target = to.toAbsolutePath().normalize();
        for (Path part = target; part != null; part = part.getParent()) {
            if (Files.exists(part)) {
                target = real(part).resolve(part.relativize(target));
                break;
            }
        }
        if (target.startsWith(from) || from.startsWith(target)) {
            throw Failure.refused(from + " and " + target + " must not contain each other; name another directory");
        }
    }

    /** Whether the directory is there. */
    private static boolean requireEmpty(Path target) {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(target)) {
            List<Path> first = entries.limit(1).toList();
            if (first.isEmpty()) {
                return true;
            }
            throw Failure.refused(target.toAbsolutePath() + " is not empty: it contains \""
                    + first.get(0).getFileName()
                    + "\"; name a directory that is empty or does not exist yet. What an earlier backup or restore left"
                    + " that did not finish may be deleted");
        } catch (IOException e) {
            throw Failure.refused(target.toAbsolutePath() + " is not a directory that can be read: " + e, e);
        }
    }

    private static void delete(Path target, boolean existed, Exception because) {
        if (!Files.exists(target)) {
            return;
        }
        try {
            Files.walkFileTree(target, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                    if (!existed || !directory.equals(target)) {
                        Files.delete(directory);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }
}
