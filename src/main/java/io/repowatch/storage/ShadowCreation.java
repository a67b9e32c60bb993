package io.repowatch.storage;

import io.repowatch.observer.RepoState;
import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Makes shadow repos: in a temporary directory beside the target, which is renamed when everything in it is on disk. Whatever a
 * killed attempt left is removed by the next one. Blocks; one attempt per repo at a time.
 */
final class ShadowCreation {
    static final String TEMPORARY = ".__tmp__";

    private final StorageConfig config;
    private final ShadowLocation location;
    private final StatOperation stat;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ProgressListener progress;
    private final InitStep.Listener steps;

    ShadowCreation(
            StorageConfig config,
            InstantSource clock,
            RandomGenerator random,
            ProgressListener progress,
            InitStep.Listener steps) {
        this.config = config;
        this.location = new ShadowLocation(config);
        this.stat = new StatOperation(config, clock, progress);
        this.clock = clock;
        this.random = random;
        this.progress = progress;
        this.steps = steps;
    }

    /** Returns the path of the complete shadow, made now or earlier. */
    Path create(RepoState state, BooleanSupplier stopped) {
        Path data;
        try {
            data = PathBytes.absolute(state.hostPath());
        } catch (IllegalArgumentException e) {
            throw new StrongError("the host path is not absolute: " + PathBytes.printable(state.hostPath()), e);
        }
        Path target = location.target(state.id(), data);
        try {
            switch (ExistingShadow.inspect(target, state.id())) {
                case COMPLETE -> keep(target);
                case WITHOUT_STAT -> firstStat(state, target, stopped);
                case BROKEN, ABSENT -> build(state, data, target, stopped);
            }
            return target;
        } catch (IOException e) {
            throw new WeakError(
                    "cannot write the shadow repo (" + ReadErrors.reason(e) + "): " + PathBytes.printable(target), e);
        }
    }

    // An attempt that was killed may have renamed it and not brought the name to the disk.
    private static void keep(Path target) throws IOException {
        removeLeftovers(target);
        Durable.sync(target.resolveSibling(""));
    }

    private void firstStat(RepoState state, Path target, BooleanSupplier stopped) throws IOException {
        removeLeftovers(target);
        stat.run(new StatOperation.Request(state.id(), state.hostPath(), target, creator(state), false), stopped);
    }

    private void build(RepoState state, Path data, Path target, BooleanSupplier stopped) throws IOException {
        DataDirectory.require(data);
        location.requireApart(data);
        SubdirMode mode = SubdirMode.of(state.subdirTracking());
        Walk counting = new Walk(state.id(), stopped, progress);
        LimitCheck.require(config.limits(), mode, counting.begin(data), counting);
        removeLeftovers(target);
        steps.done(InitStep.LEFTOVERS_REMOVED);
        Durable.makeDirectories(target.resolveSibling(""));
        steps.done(InitStep.PARENTS_MADE);
        Path temporary = temporary(target);
        try {
            fill(state, data, temporary, mode, stopped);
            Durable.syncTree(temporary);
            steps.done(InitStep.SYNCED);
            makeRoom(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            try {
                Durable.delete(temporary);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        Durable.sync(target.resolveSibling(""));
        steps.done(InitStep.RENAMED);
    }

    private void fill(RepoState state, Path data, Path shadow, SubdirMode mode, BooleanSupplier stopped)
            throws IOException {
        Walk walk = new Walk(state.id(), stopped, progress);
        DataEntry root = walk.begin(data);
        ShadowSkeleton.write(shadow, state.id(), state.hostPath(), root);
        steps.done(InitStep.SKELETON_WRITTEN);
        CommitWriter commits = new CommitWriter(creator(state), config.committer(), clock.instant());
        try (ShadowRepo repo = ShadowRepo.open(shadow);
                PackWriter pack = repo.firstPack()) {
            StubTree stub = StubTree.create(mode, pack);
            ObjectId first = commits.write(pack, stub.write(pack), null, "init", "");
            ObjectId tree = new StatTree(mode, root, FrozenData.is(shadow, root.path()), walk, pack).write(stub);
            ObjectId second = commits.write(pack, tree, first, "stat", "");
            pack.flush();
            steps.done(InitStep.OBJECTS_WRITTEN);
            PackedBranches.write(shadow.resolve(ShadowRepo.GIT), first, second);
            steps.done(InitStep.BRANCHES_WRITTEN);
        }
        walk.end();
    }

    private GitUser creator(RepoState state) {
        return GitUser.of(state.creatorName(), state.creatorEmail(), config.committer());
    }

    private Path temporary(Path target) {
        long nanos = Math.addExact(
                Math.multiplyExact(clock.instant().getEpochSecond(), 1_000_000_000L),
                clock.instant().getNano());
        String unique = nanos + "_" + Integer.toHexString(random.nextInt());
        return target.resolveSibling(target.getFileName() + TEMPORARY + unique + "__");
    }

    // What git cannot read is of no use to anybody. Renamed first: it must not be half gone under its own
    // name.
    private void makeRoom(Path target) throws IOException {
        if (Files.exists(target)) {
            Path away = temporary(target);
            Files.move(target, away, StandardCopyOption.ATOMIC_MOVE);
            Durable.delete(away);
        }
    }

    private static void removeLeftovers(Path target) throws IOException {
        Path parent = target.resolveSibling("");
        if (!Files.isDirectory(parent)) {
            return;
        }
        String prefix = target.getFileName() + TEMPORARY;
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(
                parent, path -> path.getFileName().toString().startsWith(prefix))) {
            for (Path leftover : siblings) {
                Durable.delete(leftover);
            }
        }
    }
}
