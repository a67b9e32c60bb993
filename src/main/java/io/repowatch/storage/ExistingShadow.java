package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.UUID;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.ObjectId;

/** What is at the place of a shadow repo that has not been confirmed yet. */
enum ExistingShadow {
    ABSENT,
    /** Another program made it and died before its first stat commit. */
    WITHOUT_STAT,
    COMPLETE,
    /** Nothing that git could read, or without the repo's id. */
    BROKEN;

    /**
     * Looks.
     *
     * @throws IOException if it cannot be read just now; what is there may be complete, and must not be taken for broken
     */
    static ExistingShadow inspect(Path shadow, UUID repo) throws IOException {
        if (!Files.exists(shadow, LinkOption.NOFOLLOW_LINKS)) {
            return ABSENT;
        }
        try {
            UUID id = ShadowRepo.idOf(shadow);
            if (id == null) {
                return BROKEN;
            }
            if (!id.equals(repo)) {
                throw new StrongError("the shadow belongs to repo " + id + "; move it away, then clear the error: "
                        + PathBytes.printable(shadow));
            }
            return heads(shadow);
        } catch (IOException e) {
            if (isDamage(e)) {
                return BROKEN;
            }
            throw e;
        }
    }

    // No rights, no more file handles, a failing disk: none of these says anything about what is there.
    private static boolean isDamage(IOException e) {
        return e instanceof RepositoryNotFoundException
                || e instanceof MissingObjectException
                || e instanceof IncorrectObjectTypeException
                || e instanceof CorruptObjectException
                || e instanceof NoSuchFileException
                || e instanceof NotDirectoryException
                || e instanceof CharacterCodingException
                || e.getCause() instanceof ConfigInvalidException
                || String.valueOf(e.getMessage()).startsWith("Not a ref");
    }

    private static ExistingShadow heads(Path shadow) throws IOException {
        try (ShadowRepo repo = ShadowRepo.open(shadow)) {
            ObjectId stub = repo.head(Branch.STUB);
            ObjectId stat = repo.head(Branch.STAT);
            if (stub == null || stat == null) {
                return BROKEN;
            }
            repo.commit(stub);
            return repo.commit(stat).getParentCount() == 0 ? WITHOUT_STAT : COMPLETE;
        }
    }
}
