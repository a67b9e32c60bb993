package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.registry.FreezeState.Phase;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands of a freeze-repo or unfreeze-repo workflow (registry specification §3.6). */
final class FreezeCommands {
    private FreezeCommands() {}

    /** Begins the history. */
    record Init(StorageChange change, WorkflowEvent start) implements Command<EphemeralState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(EphemeralState state) {
            if (state == EphemeralState.None.NONE) {
                return Decision.event(start);
            }
            return state instanceof FreezeState known && isSame(known)
                    ? Decision.nothing()
                    : Decision.failedPrecondition(change.errorPrefix() + "command not idempotent");
        }

        /** Whether this is the request that the workflow began with; what versions it expected does not matter any more. */
        boolean isSame(FreezeState known) {
            return known.change() == change && essence(known.start()).equals(essence(start));
        }

        /** Without what depends on when the request came: versions, and the path of a repo that may move. */
        private static WorkflowEvent essence(WorkflowEvent event) {
            return event.toBuilder()
                    .clearId()
                    .clearParent()
                    .clearRegistryEventId()
                    .clearRepoEventId()
                    .clearFsoRepoInitInfo()
                    .build();
        }
    }

    /** A step of a workflow that has begun: it leads from some phases to the next, and is done in others. */
    private interface Advance extends Command<EphemeralState, WorkflowEvent> {
        StorageChange change();

        List<Phase> from();

        List<Phase> done();

        WorkflowEvent event();

        @Override
        default Decision<WorkflowEvent> decide(EphemeralState state) {
            FreezeState known = known(change(), state);
            if (known == null) {
                return Decision.rejected(missing(change(), state));
            } else if (from().contains(known.phase())) {
                return Decision.event(event());
            }
            return done().contains(known.phase()) ? Decision.nothing() : conflict(change());
        }
    }

    /** The files may be worked on. */
    record BeginFiles(StorageChange change) implements Advance {
        @Override
        public List<Phase> from() {
            return List.of(Phase.INITIALIZED);
        }

        @Override
        public List<Phase> done() {
            return List.of(Phase.FILES);
        }

        @Override
        public WorkflowEvent event() {
            return of(change.filesStarted());
        }
    }

    /** The files are done. */
    record CommitFiles(StorageChange change) implements Advance {
        @Override
        public List<Phase> from() {
            return List.of(Phase.FILES);
        }

        @Override
        public List<Phase> done() {
            return List.of(Phase.FILES_COMPLETED);
        }

        @Override
        public WorkflowEvent event() {
            return of(change.filesCompleted());
        }
    }

    /** The files could not be done. */
    record AbortFiles(StorageChange change, int code, String message) implements Advance {
        @Override
        public List<Phase> from() {
            return List.of(Phase.FILES);
        }

        @Override
        public List<Phase> done() {
            return List.of(Phase.FILES_FAILED);
        }

        @Override
        public WorkflowEvent event() {
            return failed(change.filesCompleted(), code, message);
        }
    }

    /** Registry and repo know the success. */
    record Commit(StorageChange change) implements Advance {
        @Override
        public List<Phase> from() {
            return List.of(Phase.FILES_COMPLETED);
        }

        @Override
        public List<Phase> done() {
            return List.of(Phase.COMPLETED);
        }

        @Override
        public WorkflowEvent event() {
            return of(change.completed());
        }
    }

    /** Registry and repo know the failure; {@code author} is empty unless somebody asked for it. */
    record Abort(StorageChange change, int code, String message, GitUser author) implements Advance {
        @Override
        public List<Phase> from() {
            return List.of(Phase.INITIALIZED, Phase.FILES_FAILED, Phase.FILES_COMPLETED);
        }

        @Override
        public List<Phase> done() {
            return List.of(Phase.FAILED);
        }

        @Override
        public WorkflowEvent event() {
            WorkflowEvent event = failed(change.completed(), code, message);
            return author.equals(GitUser.getDefaultInstance())
                    ? event
                    : event.toBuilder().setGitAuthor(author).build();
        }
    }

    /** The index knows that it has ended, too. */
    record End(StorageChange change) implements Advance {
        @Override
        public List<Phase> from() {
            return List.of(Phase.COMPLETED, Phase.FAILED);
        }

        @Override
        public List<Phase> done() {
            return List.of(Phase.TERMINATED);
        }

        @Override
        public WorkflowEvent event() {
            return of(change.committed());
        }
    }

    static @Nullable FreezeState known(StorageChange change, EphemeralState state) {
        return state instanceof FreezeState known && known.change() == change ? known : null;
    }

    /** Why there is no such workflow: the id stands for nothing, or for something else. */
    static Rejection missing(StorageChange change, EphemeralState state) {
        return state == EphemeralState.None.NONE
                ? new Rejection(Status.Code.NOT_FOUND, change.errorPrefix() + "uninitialized")
                : stateConflict(change);
    }

    private static Decision<WorkflowEvent> conflict(StorageChange change) {
        return Decision.rejected(stateConflict(change));
    }

    static Rejection stateConflict(StorageChange change) {
        return new Rejection(
                Status.Code.FAILED_PRECONDITION, change.errorPrefix() + "command conflicts with aggregate state");
    }

    private static WorkflowEvent of(WorkflowEvent.Type type) {
        return WorkflowEvent.newBuilder().setEvent(type).build();
    }

    private static WorkflowEvent failed(WorkflowEvent.Type type, int code, String message) {
        return WorkflowEvent.newBuilder()
                .setEvent(type)
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
    }
}
