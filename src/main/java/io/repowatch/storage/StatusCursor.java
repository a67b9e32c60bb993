package io.repowatch.storage;

import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.PathStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Compares a data directory with the last commit of the stat branch. Walks as a stat run does and makes the same tree, but stores
 * nothing: so it names a difference exactly if a stat run would commit now. The directory is listed one directory at a time, and
 * no handle on it is open between two pieces. The root comes last, because its sums do.
 */
final class StatusCursor implements Cursor<PathStatus> {
    /** How many entries are looked at before others get the worker. */
    private static final int SLICE = 2048;

    private static final int MAX_SUMMARY = 64 * 1024;

    private final Path shadow;
    private final ShadowRepo repo;
    private final ObjectReader reader;
    private final Walk walk;
    private final StubTree stub;
    private final DataEntry root;
    private final ObjectId lastTree;
    private final StatComparison comparison;
    private final StatTree tree;
    private @Nullable ObjectId newTree;
    private boolean anything;

    private StatusCursor(Path data, Path shadow, ShadowRepo repo, ObjectReader reader, Walk walk) throws IOException {
        this.shadow = shadow;
        this.repo = repo;
        this.reader = reader;
        this.walk = walk;
        RevCommit last = repo.commit(StatOperation.require(repo, Branch.STAT));
        lastTree = last.getTree();
        stub = StubTree.read(
                reader, repo.commit(StatOperation.require(repo, Branch.STUB)).getTree());
        root = walk.begin(data);
        new DataIdentity(shadow).requirePlausible(root, reader, lastTree);
        comparison = new StatComparison(reader, lastTree);
        tree = new StatTree(stub.mode(), root, FrozenData.is(shadow, root.path()), walk, new IdsOnly(), comparison);
    }

    static StatusCursor open(RepoInfo info, Path shadow, ProgressListener progress, BooleanSupplier stopped) {
        Path data = StatOperation.requireData(info.hostPath());
        try {
            ShadowRepo repo = ShadowRepo.openOf(info.id(), shadow);
            ObjectReader reader = repo.reader();
            try {
                return new StatusCursor(data, shadow, repo, reader, new Walk(info.id(), stopped, progress));
            } catch (IOException | RuntimeException e) {
                reader.close();
                repo.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(shadow, e);
        }
    }

    private static WeakError unreadable(Path shadow, IOException e) {
        return new WeakError(
                "cannot read the shadow repo (" + ReadErrors.reason(e) + "): " + PathBytes.printable(shadow), e);
    }

    @Override
    public boolean read(int max, Consumer<? super PathStatus> items) {
        try {
            long end = walk.entries() + SLICE;
            for (int found = 0; found < max && walk.entries() < end; ) {
                PathStatus status = comparison.next();
                if (status != null) {
                    anything = true;
                    items.accept(status);
                    found++;
                } else if (newTree != null) {
                    finish(newTree, items);
                    return false;
                } else {
                    newTree = tree.step(stub);
                }
            }
            return true;
        } catch (IOException e) {
            throw unreadable(shadow, e);
        }
    }

    private void finish(ObjectId made, Consumer<? super PathStatus> items) throws IOException {
        walk.end();
        StatAttributes before = rootBefore();
        if (before == null) {
            items.accept(root(PathStatus.Status.PS_NEW));
        } else if (before.mtime() != root.mtime() || !anything && !made.equals(lastTree)) {
            // The sums change with every file; alone they tell of what has no entry of its own.
            items.accept(root(PathStatus.Status.PS_MODIFIED));
        }
    }

    private static PathStatus root(PathStatus.Status status) {
        return PathStatus.newBuilder().setPath(".").setStatus(status).build();
    }

    private @Nullable StatAttributes rootBefore() throws IOException {
        try (TreeWalk summary = TreeWalk.forPath(reader, StatTree.SUMMARY, lastTree)) {
            return summary == null
                    ? null
                    : StatAttributes.parse(reader.open(summary.getObjectId(0), Constants.OBJ_BLOB)
                            .getCachedBytes(MAX_SUMMARY));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public void close() {
        reader.close();
        repo.close();
    }
}
