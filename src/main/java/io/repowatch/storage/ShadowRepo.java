package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/** An open shadow repo. Every use is short or under the repo's lock; closed after each. Blocks. */
final class ShadowRepo implements AutoCloseable {
    /** Below the shadow repo's directory. */
    static final String GIT = ".git";

    private static final String OBJECTS = "objects";

    private static final Duration STALE_LOCK = Duration.ofMinutes(1);

    private final Path gitDirectory;
    private final Repository repository;

    static {
        IsolatedSystemReader.install();
    }

    private ShadowRepo(Path gitDirectory, Repository repository) {
        this.gitDirectory = gitDirectory;
        this.repository = repository;
    }

    static ShadowRepo open(Path shadow) throws IOException {
        Path gitDirectory = shadow.resolve(GIT);
        Repository repository = new FileRepositoryBuilder()
                .setFS(FS.DETECTED)
                .setGitDir(gitDirectory.toFile())
                .setMustExist(true)
                .build();
        // Only in memory: a commit that was reported must outlive a power failure.
        repository.getConfig().setBoolean("core", null, "fsyncRefFiles", true);
        return new ShadowRepo(gitDirectory, repository);
    }

    /** Strong error unless the directory is the shadow of this repo. */
    static ShadowRepo openOf(UUID repo, Path shadow) throws IOException {
        if (!repo.equals(idOf(shadow))) {
            throw new StrongError("no shadow of repo " + repo + " at " + PathBytes.printable(shadow));
        }
        return open(shadow);
    }

    /** The repo id that a shadow repo's directory names; null if there is none. */
    static @Nullable UUID idOf(Path shadow) throws IOException {
        try {
            return UUID.fromString(Files.readString(uuidFile(shadow)).strip());
        } catch (NoSuchFileException | IllegalArgumentException e) {
            return null;
        }
    }

    static Path uuidFile(Path shadow) {
        return shadow.resolve(GIT).resolve("fso").resolve("uuid");
    }

    /** The data directory that a shadow names in its configuration; null if it names none. */
    static @Nullable String realDirectory(Path shadow) throws IOException {
        return configuration(shadow).getString("fso", null, "realdir");
    }

    /** Lets a shadow name another data directory; the old or the new one at any time, the new one on disk afterwards. */
    static void setRealDirectory(Path shadow, String hostPath) throws IOException {
        Config changed = configuration(shadow);
        changed.setString("fso", null, "realdir", hostPath);
        Durable.replace(configurationFile(shadow), changed.toText());
        if (!hostPath.equals(realDirectory(shadow))) {
            throw new IOException("cannot set fso.realdir in " + PathBytes.printable(configurationFile(shadow)));
        }
    }

    static Path configurationFile(Path shadow) {
        return shadow.resolve(GIT).resolve("config");
    }

    private static Config configuration(Path shadow) throws IOException {
        Config configuration = new Config();
        try {
            configuration.fromText(Files.readString(configurationFile(shadow)));
        } catch (ConfigInvalidException e) {
            throw new IOException("damaged: " + PathBytes.printable(configurationFile(shadow)), e);
        }
        return configuration;
    }

    /** The commit at the head of a branch; null if there is no such branch. A branch that cannot be read is an error. */
    @Nullable
    ObjectId head(Branch branch) throws IOException {
        Ref ref = repository.exactRef(branch.ref());
        // JGit passes over a file too short for an id, as if the branch were missing or still where it was when packed.
        boolean ofFile = ref != null && ref.getStorage().isLoose();
        if (!ofFile && Files.exists(gitDirectory.resolve(branch.ref()))) {
            throw new IOException(branch.ref() + " is not a ref");
        }
        return ref == null ? null : ref.getObjectId();
    }

    RevCommit commit(ObjectId id) throws IOException {
        try (RevWalk commits = new RevWalk(repository)) {
            return commits.parseCommit(id);
        }
    }

    ObjectReader reader() {
        return repository.newObjectReader();
    }

    /** Collects the objects of a repo that has none and that nobody uses yet: it is brought to the disk as a whole. */
    PackWriter firstPack() {
        return new PackWriter(gitDirectory.resolve(OBJECTS), id -> false, false);
    }

    /** Collects new objects in one pack; what is not published is dropped on close. */
    PackWriter newPack() {
        return new PackWriter(gitDirectory.resolve(OBJECTS), objects()::has, true);
    }

    /** Makes the objects part of the repo, on disk. */
    void publish(PackWriter pack) throws IOException {
        Path published = pack.publish();
        if (published != null) {
            // Otherwise JGit would look for it only if it thinks that the directory has changed.
            objects().openPack(published.toFile());
        }
    }

    private ObjectDirectory objects() {
        return (ObjectDirectory) repository.getObjectDatabase();
    }

    /** Moves a branch on, if it is still where it was. */
    void advance(Branch branch, ObjectId from, ObjectId to) throws IOException {
        RefUpdate update = repository.updateRef(branch.ref());
        update.setExpectedOldObjectId(from);
        update.setNewObjectId(to);
        update.disableRefLog();
        RefUpdate.Result result = update.update();
        if (result != RefUpdate.Result.FAST_FORWARD) {
            throw new IOException("cannot move " + branch.ref() + ": " + result);
        }
        Durable.sync(gitDirectory.resolve(branch.ref()).resolveSibling(""));
    }

    /**
     * Removes what a killed process left: half packs, and locks of branches that only this program moves. Younger locks stay:
     * somebody may be at work by hand.
     */
    void removeLeftovers(Instant now) throws IOException {
        try (DirectoryStream<Path> packs =
                Files.newDirectoryStream(gitDirectory.resolve(OBJECTS), PackFile.TEMPORARY + "*.{pack,idx}")) {
            for (Path pack : packs) {
                Files.deleteIfExists(pack);
            }
        }
        Path lock = gitDirectory.resolve(Branch.STAT.ref() + ".lock");
        if (Files.exists(lock)) {
            FileTime since = Files.getLastModifiedTime(lock);
            if (since.toInstant().isBefore(now.minus(STALE_LOCK))) {
                Files.deleteIfExists(lock);
            }
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
