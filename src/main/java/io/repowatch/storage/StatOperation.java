package io.repowatch.storage;

import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/** Walks a data directory again and commits to the stat branch if anything differs. Blocks; under the repo's lock. */
final class StatOperation {
    private final StorageConfig config;
    private final InstantSource clock;
    private final ProgressListener progress;

    StatOperation(StorageConfig config, InstantSource clock, ProgressListener progress) {
        this.config = config;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * What to do.
     *
     * @param hostPath the data directory, as the registry writes it
     * @param rangeOnly whether only the summary of the whole directory is renewed
     * @param frozen what the commit says of the data; null to look, and to leave it alone if it is as frozen as it was
     */
    record Request(
            UUID repo,
            String hostPath,
            Path shadow,
            GitUser author,
            boolean rangeOnly,
            @Nullable Boolean frozen) {
        Request(UUID repo, String hostPath, Path shadow, GitUser author, boolean rangeOnly) {
            this(repo, hostPath, shadow, author, rangeOnly, null);
        }
    }

    /** The request for an enabled repo. Strong error if its shadow is where none may be. */
    Request request(RepoInfo info, GitUser author, boolean rangeOnly) {
        Path shadow = new ShadowLocation(config).existing(info.shadowPath());
        return new Request(info.id(), info.hostPath(), shadow, author, rangeOnly);
    }

    /** Returns whether there is a new commit. */
    boolean run(Request request, BooleanSupplier stopped) {
        Path data = requireData(request.hostPath());
        try {
            return stat(request, data, stopped);
        } catch (IOException e) {
            throw new WeakError(
                    "cannot update the shadow repo (" + ReadErrors.reason(e) + "): "
                            + PathBytes.printable(request.shadow()),
                    e);
        }
    }

    /** Strong error unless the data directory is there. */
    static Path requireData(String hostPath) {
        Path data;
        try {
            data = PathBytes.absolute(hostPath);
        } catch (IllegalArgumentException e) {
            throw new StrongError("the host path is not absolute: " + PathBytes.printable(hostPath), e);
        }
        DataDirectory.require(data);
        return data;
    }

    private boolean stat(Request request, Path data, BooleanSupplier stopped) throws IOException {
        DataIdentity identity = new DataIdentity(request.shadow());
        Walk walk = new Walk(request.repo(), stopped, progress);
        try (ShadowRepo repo = ShadowRepo.openOf(request.repo(), request.shadow());
                ObjectReader reader = repo.reader();
                PackWriter pack = repo.newPack()) {
            repo.removeLeftovers(clock.instant());
            RevCommit last = repo.commit(require(repo, Branch.STAT));
            StubTree stub = StubTree.read(
                    reader, repo.commit(require(repo, Branch.STUB)).getTree());
            DataEntry root = walk.begin(data);
            boolean frozen = request.frozen() == null ? FrozenData.is(request.shadow(), root.path()) : request.frozen();
            if (request.frozen() == null && frozen && FrozenData.isRecorded(reader, last.getTree())) {
                return false;
            }
            identity.requirePlausible(root, reader, last.getTree());
            ObjectId tree = request.rangeOnly()
                    ? withSummary(RootSummary.of(root, frozen, walk), reader, last.getTree(), pack)
                    : new StatTree(stub.mode(), root, frozen, walk, pack).write(stub);
            walk.end();
            boolean changed = !tree.equals(last.getTree());
            if (changed || last.getParentCount() == 0) {
                String suffix = request.rangeOnly() ? ": mtime range" : "";
                CommitWriter commits = new CommitWriter(request.author(), config.committer(), clock.instant());
                ObjectId commit = commits.write(pack, tree, last, "stat", suffix);
                repo.publish(pack);
                repo.advance(Branch.STAT, last, commit);
            }
            identity.remember(root);
            return changed;
        }
    }

    static ObjectId require(ShadowRepo repo, Branch branch) throws IOException {
        ObjectId head = repo.head(branch);
        if (head == null) {
            throw new StrongError("the shadow repo is broken, it has no " + branch.ref());
        }
        return head;
    }

    private static ObjectId withSummary(RootSummary summary, ObjectReader reader, ObjectId lastTree, PackWriter pack)
            throws IOException {
        GitTree tree = new GitTree();
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, lastTree);
        for (; !entries.eof(); entries.next()) {
            byte[] name = new byte[entries.getNameLength()];
            entries.getName(name, 0);
            if (!new String(name, StandardCharsets.ISO_8859_1).equals(StatTree.SUMMARY)) {
                tree.add(name, FileMode.fromBits(entries.getEntryRawMode()), entries.getEntryObjectId());
            }
        }
        ObjectId text = pack.insert(Constants.OBJ_BLOB, StatText.root(summary));
        tree.add(StatTree.SUMMARY.getBytes(StandardCharsets.US_ASCII), FileMode.REGULAR_FILE, text);
        return tree.write(pack);
    }
}
