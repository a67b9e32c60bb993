package io.repowatch.service;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the directories below a root that shall become repos: those exactly {@code depth} levels below it, without hidden
 * ones, those that version control keeps beside its work trees, symbolic links, and whatever holds the data directory.
 * Blocks; used by one thread at a time.
 */
final class TrackedDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedDirectories.class);
    private static final Set<String> VERSION_CONTROL = Set.of("CVS", "RCS", "SCCS", "_darcs", "{arch}");

    private final Path data;
    private final Set<Path> reported = new HashSet<>();

    /** @param data the data directory, real */
    TrackedDirectories(Path data) {
        this.data = data;
    }

    /**
     * The directories, sorted by name.
     *
     * @throws IOException if {@code root} itself cannot be read; what cannot be read below it is reported in the log, once
     */
    List<Path> below(Path root, int depth) throws IOException {
        List<Path> found = new ArrayList<>();
        collect(root, depth, found);
        found.sort(null);
        return found;
    }

    private void collect(Path directory, int depth, List<Path> found) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                if (!isCandidate(child)) {
                    continue;
                }
                if (depth == 1) {
                    found.add(child);
                } else {
                    collectBelow(child, depth - 1, found);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void collectBelow(Path directory, int depth, List<Path> found) {
        try {
            collect(directory, depth, found);
        } catch (IOException e) {
            report(directory, "cannot be read (" + e + ")");
        }
    }

    private boolean isCandidate(Path child) {
        String name = child.getFileName().toString();
        if (name.startsWith(".")
                || VERSION_CONTROL.contains(name)
                || !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)
                || child.equals(data)) {
            return false;
        }
        if (data.startsWith(child)) {
            report(child, "holds the data directory " + data);
            return false;
        }
        // A name whose bytes are not text in this locale would lead to another, or no, directory.
        if (!Path.of(child.toString()).equals(child)) {
            report(
                    child,
                    "has a name that is not text in the locale's encoding " + System.getProperty("sun.jnu.encoding")
                            + "; rename it, or start with LC_ALL=C.UTF-8");
            return false;
        }
        return true;
    }

    private void report(Path directory, String why) {
        if (reported.add(directory)) {
            LOG.warn("not tracked: {} {}", Terminal.printable(directory.toString()), why);
        }
    }
}
