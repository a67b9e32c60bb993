package io.repowatch.registry;

import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How registry and repo take part in a freeze or unfreeze (registry specification §3.2.2). */
final class StorageCommands {
    static final String WORKFLOW_CONFLICT = "workflow conflict";
    static final String STORAGE_CONFLICT = "storage workflow conflict";
    private static final int MAX_MESSAGE_BYTES = 150;

    private StorageCommands() {}

    /** The registry marks the repo as busy. A repo that moves may not change its tier. */
    record RegistryBegin(StorageChange change, UUID repo, UUID workflow) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(RegistryRepoCommands.UNKNOWN_REPO);
            }
            StorageChange.Answer answer = change.begin(known.tier(), workflowOf(known.storageWorkflow()), workflow);
            if (answer == StorageChange.Answer.CHANGE && known.pendingPath() != null) {
                return Decision.failedPrecondition(WORKFLOW_CONFLICT);
            } else if (answer == StorageChange.Answer.CHANGE
                    && change == StorageChange.FREEZE
                    && !isLeaf(state, known)) {
                return Decision.failedPrecondition("cannot freeze repo");
            }
            return switch (answer) {
                case CHANGE ->
                    Decision.event(RegistryCommand.event(change.registryStarted())
                            .setRepoId(WireFields.bytes(repo))
                            .setWorkflowId(WireFields.bytes(workflow))
                            .build());
                case NOTHING -> Decision.nothing();
                case CONFLICT -> Decision.failedPrecondition(WORKFLOW_CONFLICT);
            };
        }
    }

    /** Whether no other repo is at or below its path, or moves there. */
    static boolean isLeaf(RegistryState state, RegistryRepo repo) {
        return state.exceptionAtOrBelow(repo.path(), other -> other.id().equals(repo.id())) == null;
    }

    /** The registry notes how it ended. */
    record RegistryEnd(StorageChange change, UUID repo, UUID workflow, int code) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(RegistryRepoCommands.UNKNOWN_REPO);
            }
            return switch (change.end(known.tier(), workflowOf(known.storageWorkflow()), workflow, code == 0)) {
                case CHANGE ->
                    Decision.event(RegistryCommand.event(change.registryCompleted())
                            .setRepoId(WireFields.bytes(repo))
                            .setWorkflowId(WireFields.bytes(workflow))
                            .setStatusCode(code)
                            .build());
                case NOTHING -> Decision.nothing();
                case CONFLICT -> Decision.failedPrecondition(WORKFLOW_CONFLICT);
            };
        }
    }

    /** The repo is busy from now on. Before its shadow exists its tier is none from which anything can begin. */
    record RepoBegin(StorageChange change, UUID workflow) implements RepoCommands.OfInitialized {
        @Override
        public @Nullable String problem() {
            return null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            if (isActive(state.moveRepo()) || isActive(state.moveShadow())) {
                return Decision.failedPrecondition(WORKFLOW_CONFLICT);
            }
            StorageChange.Answer answer = change.begin(state.tier(), workflowOf(state.storageWorkflow()), workflow);
            if (answer == StorageChange.Answer.CHANGE && !state.error().isEmpty()) {
                return Decision.failedPrecondition(
                        change.hasFailed(state.tier()) ? STORAGE_CONFLICT : "cannot proceed due to repo error");
            }
            return switch (answer) {
                case CHANGE ->
                    Decision.event(RepoEvent.newBuilder()
                            .setEvent(change.repoStarted())
                            .setWorkflowId(WireFields.bytes(workflow))
                            .build());
                case NOTHING -> Decision.nothing();
                case CONFLICT -> Decision.failedPrecondition(STORAGE_CONFLICT);
            };
        }
    }

    /** The repo has its new tier. */
    record RepoCommit(StorageChange change, UUID workflow) implements RepoCommands.OfInitialized {
        @Override
        public @Nullable String problem() {
            return null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            return switch (change.end(state.tier(), workflowOf(state.storageWorkflow()), workflow, true)) {
                case CHANGE -> Decision.event(completed(change, workflow, 0));
                case NOTHING -> Decision.nothing();
                case CONFLICT -> Decision.failedPrecondition(STORAGE_CONFLICT);
            };
        }
    }

    /** It failed: the repo keeps the message as its error, so that somebody looks before the next try. */
    record RepoAbort(StorageChange change, UUID workflow, int code, String message)
            implements RepoCommands.OfInitialized {
        @Override
        public @Nullable String problem() {
            return failureProblem(code, message);
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            return switch (change.end(state.tier(), workflowOf(state.storageWorkflow()), workflow, false)) {
                case CHANGE ->
                    Decision.events(
                            completed(change, workflow, code),
                            RepoEvent.newBuilder()
                                    .setEvent(RepoEvent.Type.EV_FSO_REPO_ERROR_SET)
                                    .setFsoRepoErrorMessage(change.verb() + " failed: " + message)
                                    .build());
                case NOTHING -> Decision.nothing();
                case CONFLICT -> Decision.failedPrecondition(STORAGE_CONFLICT);
            };
        }
    }

    /** What is wrong with how a failure is described; null if nothing is. */
    static @Nullable String failureProblem(int code, String message) {
        if (code == 0) {
            return "invalid error status code";
        } else if (message.isEmpty()) {
            return "invalid error status message";
        }
        int bytes = message.getBytes(StandardCharsets.UTF_8).length;
        return bytes > MAX_MESSAGE_BYTES
                ? "status message too long: it has " + bytes + " bytes, more than " + MAX_MESSAGE_BYTES
                : null;
    }

    private static RepoEvent completed(StorageChange change, UUID workflow, int code) {
        return RepoEvent.newBuilder()
                .setEvent(change.repoCompleted())
                .setWorkflowId(WireFields.bytes(workflow))
                .setStatusCode(code)
                .build();
    }

    private static boolean isActive(RepoState.@Nullable Move move) {
        return move != null && move.active();
    }

    private static @Nullable UUID workflowOf(@Nullable StorageWork work) {
        return work == null ? null : work.workflow();
    }
}
