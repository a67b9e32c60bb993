package io.repowatch.storage;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.jspecify.annotations.Nullable;

/**
 * Writes the commits of one operation: by the user who asked for it, committed by the configured user, at one time (storage
 * specification §5.2).
 */
record CommitWriter(GitUser author, GitUser committer, Instant now) {

    /** A commit with the subject {@code what}, the time in seconds and {@code suffix}; the first of all without a parent. */
    ObjectId write(ObjectInserter objects, ObjectId tree, @Nullable ObjectId parent, String what, String suffix)
            throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        if (parent != null) {
            commit.setParentId(parent);
        }
        commit.setAuthor(person(author));
        commit.setCommitter(person(committer));
        commit.setMessage(what + " " + now.truncatedTo(ChronoUnit.SECONDS) + suffix + "\n");
        return objects.insert(commit);
    }

    private PersonIdent person(GitUser user) {
        return new PersonIdent(clean(user.name()), clean(user.email()), now, ZoneOffset.UTC);
    }

    // Nothing that would end the name, the address or the whole header early.
    private static String clean(String text) {
        return text.replaceAll("[\\p{Cntrl}<>]+", " ").strip();
    }
}
