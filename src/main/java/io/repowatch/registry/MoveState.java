package io.repowatch.registry;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A durable workflow of a repo. What it is, its first event says. Immutable. */
sealed interface MoveState {

    /** Which repo it is about. */
    UUID repo();

    /** How it ended; null before. */
    @Nullable
    End end();

    /** Nothing has begun under this id. */
    enum None implements MoveState {
        NONE;

        @Override
        public UUID repo() {
            return EntityIds.NIL;
        }

        @Override
        public @Nullable End end() {
            return null;
        }
    }

    /**
     * How a workflow ended.
     *
     * @param vid the event that says so
     * @param code 0 if it did what it was to; otherwise everything stayed where it was
     * @param message why it was aborted, empty if it was not
     */
    record End(Vid vid, int code, String message) {
        static End of(WorkflowEvent event) {
            return new End(WireFields.storedVid(event.getId()), event.getStatusCode(), event.getStatusMessage());
        }

        boolean aborted() {
            return code != 0;
        }
    }

    /**
     * A move of a repo.
     *
     * @param repo which
     * @param repoEvent the repo's event that began it
     * @param from where the repo was
     * @param fromShadow where its shadow was
     * @param to where it is going
     * @param accepted the event that says that the application agrees, null before
     * @param released the event that says that the old host has let it go, null before
     * @param shadow where its shadow is since the repo has moved, null before
     * @param end how it ended, null before
     */
    record MoveRepo(
            UUID repo,
            Vid repoEvent,
            FsoRepoInitInfo from,
            String fromShadow,
            FsoRepoInitInfo to,
            @Nullable Vid accepted,
            @Nullable Vid released,
            @Nullable String shadow,
            @Nullable End end)
            implements MoveState {

        boolean moved() {
            return shadow != null;
        }

        MoveRepo acceptedBy(Vid event) {
            return new MoveRepo(repo, repoEvent, from, fromShadow, to, event, released, shadow, end);
        }

        MoveRepo releasedBy(Vid event) {
            return new MoveRepo(repo, repoEvent, from, fromShadow, to, accepted, event, shadow, end);
        }

        MoveRepo movedTo(String newShadow) {
            return new MoveRepo(repo, repoEvent, from, fromShadow, to, accepted, released, newShadow, end);
        }

        MoveRepo ended(End how) {
            return new MoveRepo(repo, repoEvent, from, fromShadow, to, accepted, released, shadow, how);
        }
    }

    /**
     * A move of a repo's shadow.
     *
     * @param repo which
     * @param repoEvent the repo's event that began it
     * @param disabled the event that says that the host does not use the shadow any more, null before
     * @param moved whether the shadow has moved, or stays for good
     * @param end how it ended, null before
     */
    record MoveShadow(
            UUID repo,
            Vid repoEvent,
            @Nullable Vid disabled,
            boolean moved,
            @Nullable End end) implements MoveState {

        MoveShadow disabledBy(Vid event) {
            return new MoveShadow(repo, repoEvent, event, moved, end);
        }

        MoveShadow movedNow() {
            return new MoveShadow(repo, repoEvent, disabled, true, end);
        }

        MoveShadow ended(End how) {
            return new MoveShadow(repo, repoEvent, disabled, moved, how);
        }
    }
}
