package io.repowatch.storage;

import io.repowatch.observer.RepoMove;
import io.repowatch.observer.StrongError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;

/** The places that a move is about. */
record MovePlaces(UUID repo, Path oldData, Path newData, String newHostPath, Path oldShadow, Path newShadow) {

    /** Strong error if one of them is none. */
    static MovePlaces of(RepoMove move, ShadowLocation location) {
        try {
            Path oldData = PathBytes.absolute(move.oldHostPath());
            Path newData = PathBytes.absolute(move.newHostPath());
            if (!newData.equals(oldData) && newData.startsWith(oldData)) {
                throw new StrongError("a directory cannot be moved into itself: " + PathBytes.printable(newData));
            }
            if (oldData.getFileName() == null || newData.getFileName() == null) {
                throw new StrongError("the root directory cannot be moved");
            }
            return new MovePlaces(
                    move.repo(),
                    oldData,
                    newData,
                    move.newHostPath(),
                    location.existing(move.oldShadowPath()),
                    location.target(move.repo(), newData));
        } catch (IllegalArgumentException e) {
            throw new StrongError("cannot move: " + e.getMessage(), e);
        }
    }

    boolean sameData() {
        return oldData.equals(newData);
    }

    boolean sameShadow() {
        return oldShadow.equals(newShadow);
    }

    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether the shadow is at its new place, knows the data there, and is nowhere else. */
    boolean areReached() throws IOException {
        if (!exists(newShadow)
                || !sameShadow() && exists(oldShadow)
                || !repo.equals(ShadowRepo.idOf(newShadow))
                || !newHostPath.equals(ShadowRepo.realDirectory(newShadow))) {
            return false;
        }
        DataEntry root = exists(newData) ? DataEntry.read(newData) : null;
        return root != null && root.isDirectory() && new DataIdentity(newShadow).remembers(root);
    }
}
