package io.repowatch.storage;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.wire.nogfso.PathInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * Lists one commit of the stat branch in git's order (storage specification §4): a directory where its summary is, the root as
 * {@code .}. The names that only git and the shadow use are left out at every depth.
 */
final class StatListing implements Cursor<PathInfo> {
    private static final int MAX_BLOB = 64 * 1024;

    /** How many entries are looked at before others get the worker. */
    private static final int SLICE = 4096;

    private final ShadowRepo repo;
    private final ObjectReader reader;
    private final TreeWalk walk;
    private final BooleanSupplier stopped;
    private long subtrees;
    private byte[] path = {};

    /** Closes {@code repo} when it is closed, and when it cannot be made. */
    StatListing(ShadowRepo repo, ObjectId commit, BooleanSupplier stopped) throws IOException {
        this.repo = repo;
        this.stopped = stopped;
        this.reader = repo.reader();
        this.walk = new TreeWalk(reader);
        try {
            walk.addTree(repo.commit(commit).getTree());
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            close();
            throw Status.INVALID_ARGUMENT
                    .withDescription("the shadow repo has no commit " + commit.name()
                            + "; ask Head for the one of the stat branch")
                    .withCause(e)
                    .asRuntimeException();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    static StatListing open(UUID id, Path shadow, ObjectId commit, BooleanSupplier stopped) throws IOException {
        return new StatListing(ShadowRepo.openOf(id, shadow), commit, stopped);
    }

    /** How many directories below the root there were so far, listed or not, without those that are summed up. */
    long subtrees() {
        return subtrees;
    }

    @Override
    public boolean read(int max, Consumer<? super PathInfo> items) throws IOException {
        int found = 0;
        for (int looked = 0; looked < SLICE && found < max; looked++) {
            if (stopped.getAsBoolean()) {
                throw new CancellationException("the listing was cancelled");
            }
            if (!walk.next()) {
                return false;
            }
            if (walk.isSubtree()) {
                if (!isHidden()) {
                    subtrees++;
                    walk.enterSubtree();
                }
            } else if (isSummary() || !isHidden()) {
                items.accept(info());
                found++;
            }
        }
        return true;
    }

    private boolean isSummary() {
        path = walk.getRawPath();
        return HiddenNames.isSummary(path, HiddenNames.nameLength(path));
    }

    // D37: the name counts, not the path: what is reserved is so in every directory.
    private boolean isHidden() {
        path = walk.getRawPath();
        return HiddenNames.isReserved(path, HiddenNames.nameLength(path));
    }

    private PathInfo info() throws IOException {
        FileMode mode = walk.getFileMode(0);
        PathInfo.Builder info = PathInfo.newBuilder();
        if (mode == FileMode.SYMLINK) {
            return info.setPath(PathText.of(path))
                    .setMode(FileMode.TYPE_SYMLINK)
                    .setSymlink(PathText.of(blob()))
                    .build();
        }
        if (mode == FileMode.GITLINK) {
            return info.setPath(PathText.of(path))
                    .setMode(FileMode.TYPE_GITLINK)
                    .setGitlink(bytes(walk.getObjectId(0)))
                    .build();
        }
        StatAttributes attributes = attributes();
        info.setMtime(attributes.mtime())
                .setSize(attributes.size())
                .setDirs(attributes.dirs())
                .setFiles(attributes.files())
                .setLinks(attributes.links())
                .setOthers(attributes.others());
        if (isSummary()) {
            return info.setPath(directory(path)).setMode(FileMode.TYPE_TREE).build();
        }
        info.setPath(PathText.of(path));
        if (attributes.submodule() != null) {
            return info.setMode(FileMode.TYPE_GITLINK)
                    .setGitlink(bytes(attributes.submodule()))
                    .build();
        }
        return info.setMode(attributes.isBundle() ? FileMode.TYPE_TREE : FileMode.TYPE_FILE)
                .build();
    }

    /** The directory that a summary belongs to. */
    static String directory(byte[] summaryPath) {
        int length = summaryPath.length - StatTree.SUMMARY.length() - 1;
        return length < 0 ? "." : PathText.of(Arrays.copyOf(summaryPath, length));
    }

    private StatAttributes attributes() throws IOException {
        try {
            return StatAttributes.parse(blob());
        } catch (IllegalArgumentException e) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("this is no commit of the stat branch: what it holds of \""
                            + PathBytes.printable(PathText.of(path)) + "\" is no file attributes (" + e.getMessage()
                            + "); ask Head for one")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private byte[] blob() throws IOException {
        return reader.open(walk.getObjectId(0), Constants.OBJ_BLOB).getCachedBytes(MAX_BLOB);
    }

    private static ByteString bytes(ObjectId id) {
        byte[] raw = new byte[Constants.OBJECT_ID_LENGTH];
        id.copyRawTo(raw, 0);
        return ByteString.copyFrom(raw);
    }

    @Override
    public void close() {
        walk.close();
        reader.close();
        repo.close();
    }
}
