package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Where shadow repos are (storage specification §5.1). Paths are compared by whole components. */
final class ShadowLocation {
    private final StorageConfig config;

    ShadowLocation(StorageConfig config) {
        this.config = config;
    }

    /** Where the shadow of a new repo goes. The id is part of the path, so repos inside each other do not meet. */
    Path target(UUID repo, Path dataDirectory) {
        Path trim = dataDirectory.startsWith(config.trimHostRoot()) ? config.trimHostRoot() : Path.of("/");
        Path below = config.shadowRoot().resolve(trim.relativize(dataDirectory));
        return expressible(below.resolve(repo + ".fso"));
    }

    /** The path of an existing shadow. Strong error unless it is below one of the roots. */
    Path existing(String shadowPath) {
        Path path;
        try {
            path = PathBytes.absolute(shadowPath);
        } catch (IllegalArgumentException e) {
            throw new StrongError("the shadow path is not absolute: " + PathBytes.printable(shadowPath), e);
        }
        if (roots().stream().noneMatch(root -> path.startsWith(root) && !path.equals(root))) {
            throw new StrongError(
                    "the shadow is outside the shadow roots of this host: " + PathBytes.printable(shadowPath));
        }
        return expressible(path);
    }

    /** Strong error if the data and the shadow repos would contain each other: each commit would cause the next. */
    void requireApart(Path dataDirectory) throws IOException {
        Path data = dataDirectory.toRealPath();
        for (Path root : roots()) {
            Path shadows = existingPart(root);
            if (data.startsWith(shadows) || shadows.startsWith(data)) {
                throw new StrongError("the data directory and the shadow root " + PathBytes.printable(root)
                        + " must not contain each other: " + PathBytes.printable(dataDirectory));
            }
        }
    }

    /** As above, for a directory that may not exist yet. */
    void requireApartFrom(Path planned) throws IOException {
        Path data = existingPart(planned);
        for (Path root : roots()) {
            Path shadows = existingPart(root);
            if (data.startsWith(shadows) || shadows.startsWith(data)) {
                throw new IOException("the new data directory and the shadow root " + PathBytes.printable(root)
                        + " must not contain each other: " + PathBytes.printable(planned));
            }
        }
    }

    private List<Path> roots() {
        List<Path> roots = new ArrayList<>(config.shadowRootAlt());
        roots.add(config.shadowRoot());
        return roots;
    }

    // A root that does not exist yet is below the real path of what does exist of it.
    private static Path existingPart(Path root) throws IOException {
        Path part = root;
        while (!Files.exists(part)) {
            Path parent = part.getParent();
            if (parent == null) {
                return root;
            }
            part = parent;
        }
        return part.toRealPath().resolve(part.relativize(root));
    }

    // JGit names files by text; a name that this JVM cannot write as text would go to another file.
    private static Path expressible(Path path) {
        boolean same;
        try {
            same = path.toFile().toPath().equals(path);
        } catch (InvalidPathException e) {
            same = false;
        }
        if (!same) {
            throw new StrongError("file names here are in " + PathBytes.nameEncoding()
                    + "; start with LC_ALL=C.UTF-8 to use the shadow path " + PathBytes.printable(path));
        }
        return path;
    }
}
