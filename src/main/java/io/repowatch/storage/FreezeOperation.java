package io.repowatch.storage;

import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.WeakError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Freezes and unfreezes data (storage specification §7.2). Everything that is taken is on record before it is taken, so that an
 * attempt that ends anywhere can be gone on with, or undone. Blocks; under the repo's lock.
 */
final class FreezeOperation {
    private static final Logger LOG = LoggerFactory.getLogger(FreezeOperation.class);

    /** Only somebody who may pass over permissions can add so many files to frozen directories. */
    private static final int MOST_PASSES = 10;

    private final StorageConfig config;
    private final StatOperation stat;
    private final FreezeMarks marks;
    private final FreezeStep.Listener steps;

    FreezeOperation(StorageConfig config, StatOperation stat, FreezeMarks marks, FreezeStep.Listener steps) {
        this.config = config;
        this.stat = stat;
        this.marks = marks;
        this.steps = steps;
    }

    /** One attempt: the repo, its open parent directory, and what is there. */
    private record Target(UUID repo, Path shadow, Path path, Handle parent, byte[] name, FileStat root)
            implements AutoCloseable {
        @Override
        public void close() {
            parent.close();
        }
    }

    private interface Work {
        void run(Target target) throws IOException;
    }

    void freeze(RepoInfo info, FreezeRequest request, BooleanSupplier stopped) {
        on(info, "freeze", target -> {
            FreezeRecord record = begin(target, request.workflow(), stopped);
            Freezing freezing = new Freezing(record, steps);
            int passes = 0;
            do {
                if (++passes > MOST_PASSES) {
                    throw new IOException("files are still being added; stop who adds them");
                }
                walk(target, freezing, stopped);
            } while (freezing.takeChanges() > 0);
            steps.done(FreezeStep.WALKED);
            commit(info, request, true, stopped);
            record.complete();
            steps.done(FreezeStep.COMPLETED);
            LOG.info("froze {} {} by {}", info.id(), info.globalPath(), record.method());
        });
    }

    void unfreeze(RepoInfo info, FreezeRequest request, BooleanSupplier stopped) {
        on(info, "unfreeze", target -> {
            FreezeRecord record = FreezeRecord.read(target.shadow());
            if (record == null && target.root().isImmutable()) {
                marks.add(info.id());
                record = FreezeRecord.adopt(target.shadow(), request.workflow());
            }
            if (record != null) {
                restore(target, record, stopped);
            }
            commit(info, request, false, stopped);
            forget(info.id(), record);
            LOG.info("unfroze {} {}", info.id(), info.globalPath());
        });
    }

    /** Gives back what an unfinished freeze of this workflow took. */
    void undo(RepoInfo info, FreezeRequest request, BooleanSupplier stopped) {
        undo(info, request, workflow -> workflow.equals(request.workflow()), stopped);
    }

    /** Gives back what a freeze of any other workflow took. */
    void undoUnlessBegunBy(@Nullable UUID workflow, RepoInfo info, BooleanSupplier stopped) {
        undo(info, null, other -> !other.equals(workflow), stopped);
    }

    private void undo(RepoInfo info, @Nullable FreezeRequest request, Predicate<UUID> wanted, BooleanSupplier stopped) {
        Path shadow = new ShadowLocation(config).existing(info.shadowPath());
        try {
            FreezeRecord record = FreezeRecord.read(shadow);
            if (record == null || !wanted.test(record.workflow())) {
                if (record == null) {
                    marks.remove(info.id());
                }
                return;
            }
            LOG.info("undoing the freeze of {} {} by workflow {}", info.id(), info.globalPath(), record.workflow());
        } catch (IOException e) {
            throw failed("undo the freeze", info, e);
        }
        on(info, "undo the freeze", target -> {
            FreezeRecord record = FreezeRecord.read(target.shadow());
            if (record != null) {
                restore(target, record, stopped);
                if (isRecordedAsFrozen(info.id(), target.shadow())) {
                    commit(info, request, false, stopped);
                }
            }
            forget(info.id(), record);
        });
    }

    private void on(RepoInfo info, String what, Work work) {
        Path shadow = new ShadowLocation(config).existing(info.shadowPath());
        Path data = StatOperation.requireData(info.hostPath());
        try {
            // Where the way leads is the administrator's business until here; from here on only handles count.
            Path real = data.toRealPath();
            Handle parent = Handle.directory(real.resolveSibling(""));
            byte[] name = PathBytes.name(real);
            FileStat root;
            try {
                root = parent.stat(name);
            } catch (IOException e) {
                parent.close();
                throw e;
            }
            try (Target target = new Target(info.id(), shadow, real, parent, name, root)) {
                work.run(target);
            }
        } catch (IOException e) {
            throw failed(what, info, e);
        }
    }

    private static WeakError failed(String what, RepoInfo info, IOException e) {
        return new WeakError(
                "cannot " + what + " (" + ReadErrors.reason(e) + "): " + PathBytes.printable(info.hostPath()), e);
    }

    private FreezeRecord begin(Target target, UUID workflow, BooleanSupplier stopped) throws IOException {
        FreezeRecord old = FreezeRecord.read(target.shadow());
        if (old != null && old.workflow().equals(workflow) && old.isBegun() && !old.isRestored()) {
            return old;
        }
        marks.add(target.repo());
        if (old != null) {
            // Another freeze, or one that died while it tried the method.
            restore(target, old, stopped);
        }
        try (Handle root = target.parent().enter(target.name(), target.root())) {
            FreezeRecord record = FreezeRecord.begin(target.shadow(), workflow, FreezeMethod.IMMUTABLE, root.stat());
            steps.done(FreezeStep.RECORDED);
            if (!mayBeImmutable(root)) {
                record = FreezeRecord.begin(target.shadow(), workflow, FreezeMethod.PERMISSIONS, root.stat());
            }
            record.begun();
            return record;
        }
    }

    // Tried on the directory itself: nothing else tells for sure what this process may do on this file system.
    private boolean mayBeImmutable(Handle root) throws IOException {
        FileStat before = root.stat();
        if (before.isImmutable()) {
            return true;
        }
        try {
            FreezeMethod.IMMUTABLE.set(root, before, 1);
            steps.done(FreezeStep.CHANGED);
            boolean visible = root.stat().isImmutable();
            FreezeMethod.IMMUTABLE.set(root, root.stat(), 0);
            return visible;
        } catch (Errno e) {
            if (e.is(Errno.EPERM, Errno.EACCES, Errno.EINVAL, Errno.ENOTTY, Errno.EOPNOTSUPP)) {
                return false;
            }
            throw e;
        }
    }

    private void restore(Target target, FreezeRecord record, BooleanSupplier stopped) throws IOException {
        if (!record.isRestored()) {
            walk(target, new Restoring(record, steps), stopped);
            record.restored();
            steps.done(FreezeStep.RESTORED);
        }
    }

    private void walk(Target target, TreeWalk.Visitor visitor, BooleanSupplier stopped) throws IOException {
        new TreeWalk(visitor, stopped, () -> steps.done(FreezeStep.LOOKED))
                .run(target.parent(), target.name(), target.root());
    }

    private void commit(RepoInfo info, @Nullable FreezeRequest request, boolean frozen, BooleanSupplier stopped) {
        GitUser author = request == null
                ? config.committer()
                : GitUser.of(request.authorName(), request.authorEmail(), config.committer());
        Path shadow = new ShadowLocation(config).existing(info.shadowPath());
        stat.run(new StatOperation.Request(info.id(), info.hostPath(), shadow, author, false, frozen), stopped);
        steps.done(FreezeStep.COMMITTED);
    }

    private void forget(UUID repo, @Nullable FreezeRecord record) throws IOException {
        if (record != null) {
            record.delete();
            steps.done(FreezeStep.FORGOTTEN);
        }
        marks.remove(repo);
    }

    private static boolean isRecordedAsFrozen(UUID id, Path shadow) throws IOException {
        try (ShadowRepo repo = ShadowRepo.openOf(id, shadow);
                ObjectReader reader = repo.reader()) {
            return FrozenData.isRecorded(
                    reader,
                    repo.commit(StatOperation.require(repo, Branch.STAT)).getTree());
        }
    }
}
