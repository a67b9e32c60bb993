package io.repowatch.storage;

import com.google.protobuf.ByteString;
import io.repowatch.observer.StrongError;
import io.repowatch.wire.nogfso.HeadO;
import io.repowatch.wire.nogfso.PathInfo;
import io.repowatch.wire.nogfso.SummaryO;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Counts what the newest commit of the stat branch holds: files; directories without the root, those that are summed up
 * included; and the rest, which is links and nested git repos. Its one item is the answer.
 */
final class StatCount implements Cursor<SummaryO> {
    private static final int AT_ONCE = 1024;

    private final StatListing listing;
    private final SummaryO.Builder answer;
    private long files;
    private long bundles;
    private long others;

    private StatCount(StatListing listing, SummaryO.Builder answer) {
        this.listing = listing;
        this.answer = answer;
    }

    static StatCount open(UUID id, Path shadow, BooleanSupplier stopped) throws IOException {
        ShadowRepo repo = ShadowRepo.openOf(id, shadow);
        HeadO head;
        try {
            head = HeadReader.read(id, repo);
            if (head.getGitCommits().getStat().isEmpty()) {
                throw new StrongError("the shadow repo is broken, it has no " + Branch.STAT.ref());
            }
        } catch (IOException | RuntimeException e) {
            repo.close();
            throw e;
        }
        ByteString stat = head.getGitCommits().getStat();
        return new StatCount(
                new StatListing(repo, ObjectId.fromRaw(stat.toByteArray()), stopped),
                SummaryO.newBuilder().setRepo(head.getRepo()).setCommitId(head.getCommitId()));
    }

    @Override
    public boolean read(int max, Consumer<? super SummaryO> items) throws IOException {
        if (listing.read(AT_ONCE, this::count)) {
            return true;
        }
        items.accept(answer.setNumFiles(files)
                .setNumDirs(bundles + listing.subtrees())
                .setNumOther(others)
                .build());
        return false;
    }

    private void count(PathInfo info) {
        switch (info.getMode()) {
            case FileMode.TYPE_FILE -> files++;
            // A directory that was entered counts as what it is in git; its summary is missing where it holds no file.
            case FileMode.TYPE_TREE ->
                bundles += info.getDirs() > 0 && !info.getPath().equals(".") ? 1 : 0;
            default -> others++;
        }
    }

    @Override
    public void close() {
        listing.close();
    }
}
