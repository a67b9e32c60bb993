package io.repowatch.service;

import io.repowatch.id.GlobalPath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the directories below a root that shall become repos: those exactly {@code depth} levels below it, without hidden
 * ones, those that version control keeps beside its work trees, symbolic links, and whatever holds an excluded one.
 * Blocks; used by one thread at a time.
 */
final class TrackedDirectories {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedDirectories.class);
    private static final Set<String> VERSION_CONTROL = Set.of("CVS", "RCS", "SCCS", "_darcs", "{arch}");

    private final Collection<Path> excluded;
    private final Set<Path> reported = new HashSet<>();

    /** @param excluded directories, real, that are left out with whatever holds them, such as the data directory */
    TrackedDirectories(Collection<Path> excluded) {
        this.excluded = excluded;
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

    /** The global paths of these directories, where {@code root} is the directory of {@code global}. */
    List<GlobalPath> pathsBelow(GlobalPath global, Path root, int depth) throws IOException {
        return below(root, depth).stream()
                .map(directory -> GlobalPath.parse(global.value() + "/" + root.relativize(directory)))
                .toList();
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
        } catch (DirectoryIteratorException e) {
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
                || excluded.contains(child)) {
            return false;
        }
        for (Path each : excluded) {
            if (each.startsWith(child)) {
                report(child, "holds the data directory " + each);
                return false;
            }
        }
        // A name whose bytes are not text in this locale would lead to another, or no, directory.
        if (!isText(child)) {
            report(
                    child,
                    "has a name that is not text in the locale's encoding " + System.getProperty("sun.jnu.encoding")
                            + "; rename it, or start with LC_ALL=C.UTF-8");
            return false;
        }
        return true;
    }

    private static boolean isText(Path path) {
        try {
            return Path.of(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private void report(Path directory, String why) {
        if (reported.add(directory)) {
            LOG.warn("not tracked: {} {}", Terminal.printable(directory.toString()), why);
        }
    }
}
