package io.repowatch.storage;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.HeadGitCommits;
import io.repowatch.wire.nogfso.HeadO;
import io.repowatch.wire.nogfso.WhoDate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of a shadow repo's branches. A branch that does not exist is left out of the answer; one that cannot be read is
 * an error, never taken for missing.
 */
final class HeadReader {
    private final HeadO.Builder head;
    private final HeadGitCommits.Builder commits = HeadGitCommits.newBuilder();

    private HeadReader(UUID repo) {
        head = HeadO.newBuilder().setRepo(ByteString.copyFrom(EntityIds.toBytes(repo)));
    }

    static HeadO read(UUID repo, Path shadow) throws IOException {
        try (ShadowRepo git = ShadowRepo.open(shadow)) {
            return read(repo, git);
        }
    }

    static HeadO read(UUID repo, ShadowRepo git) throws IOException {
        HeadReader reader = new HeadReader(repo);
        reader.stat(commit(git, Branch.STAT));
        reader.sha(commit(git, Branch.SHA));
        reader.meta(commit(git, Branch.META));
        reader.content(commit(git, Branch.CONTENT));
        return reader.answer();
    }

    private static @Nullable RevCommit commit(ShadowRepo git, Branch branch) throws IOException {
        ObjectId id = git.head(branch);
        return id == null ? null : git.commit(id);
    }

    private void stat(@Nullable RevCommit commit) {
        if (commit != null) {
            commits.setStat(id(commit));
            head.setStatAuthor(who(commit.getAuthorIdent())).setStatCommitter(who(commit.getCommitterIdent()));
        }
    }

    private void sha(@Nullable RevCommit commit) {
        if (commit != null) {
            commits.setSha(id(commit));
            head.setShaAuthor(who(commit.getAuthorIdent())).setShaCommitter(who(commit.getCommitterIdent()));
        }
    }

    private void meta(@Nullable RevCommit commit) {
        if (commit != null) {
            commits.setMeta(id(commit));
            head.setMetaAuthor(who(commit.getAuthorIdent())).setMetaCommitter(who(commit.getCommitterIdent()));
        }
    }

    private void content(@Nullable RevCommit commit) {
        if (commit != null) {
            commits.setContent(id(commit));
            head.setContentAuthor(who(commit.getAuthorIdent())).setContentCommitter(who(commit.getCommitterIdent()));
        }
    }

    private HeadO answer() {
        HeadGitCommits all = commits.build();
        return head.setGitCommits(all).setCommitId(commitId(all)).build();
    }

    /** One id for the state of all branches: the hash of their encoding on the wire (storage specification §4). */
    static ByteString commitId(HeadGitCommits commits) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-512/256").digest(commits.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform has no SHA-512/256", e);
        }
    }

    private static ByteString id(RevCommit commit) {
        byte[] raw = new byte[Constants.OBJECT_ID_LENGTH];
        commit.copyRawTo(raw, 0);
        return ByteString.copyFrom(raw);
    }

    private static WhoDate who(PersonIdent person) {
        String date = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                person.getWhenAsInstant().truncatedTo(ChronoUnit.SECONDS).atZone(person.getZoneId()));
        return WhoDate.newBuilder()
                .setName(person.getName())
                .setEmail(person.getEmailAddress())
                .setDate(date)
                .build();
    }
}
