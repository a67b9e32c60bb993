package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.observer.FreezeState.History;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Freezing and unfreezing (storage specification §7.2 with D22, D34, D35): waits until the repo is enabled, does the files,
 * and tells the registry. After too many failures, or when the repo cannot be waited for, it gives back what it took and tells
 * the registry why. A freeze that fails elsewhere is given back too, whoever began it: an earlier process may have, and a repo that
 * was enabled during the freeze was not given anything back.
 */
final class FreezeRules implements WorkflowRules<FreezeState> {
    /** How many attempts at the files may fail; the next failure gives up. */
    static final int RETRIES = 5;

    private final boolean freeze;
    private final UUID workflow;
    private final String name;

    FreezeRules(boolean freeze, UUID workflow) {
        this.freeze = freeze;
        this.workflow = workflow;
        this.name = freeze ? "freeze" : "unfreeze";
    }

    @Override
    public FreezeState initial() {
        return FreezeState.INITIAL;
    }

    @Override
    public FreezeState replayed(FreezeState before) {
        return FreezeState.INITIAL.with(before.local());
    }

    @Override
    public FreezeState fold(FreezeState state, Event<WorkflowEvent> event) {
        return state.with(fold(state.history(), event.body()).at(event.id()));
    }

    private History fold(History history, WorkflowEvent body) {
        return switch (body.getEvent()) {
            case EV_FSO_FREEZE_REPO_STARTED_2, EV_FSO_UNFREEZE_REPO_STARTED_2 -> {
                UUID repo = RepoFold.id(body.getRepoId());
                yield repo == null ? history : history.with(request(repo, body));
            }
            case EV_FSO_FREEZE_REPO_FILES_STARTED, EV_FSO_UNFREEZE_REPO_FILES_STARTED -> history.filesBegun();
            case EV_FSO_FREEZE_REPO_FILES_COMPLETED, EV_FSO_UNFREEZE_REPO_FILES_COMPLETED ->
                history.filesEnded(body.getStatusCode());
            case EV_FSO_FREEZE_REPO_COMPLETED_2, EV_FSO_UNFREEZE_REPO_COMPLETED_2 ->
                history.ended(body.getStatusCode());
            case EV_FSO_FREEZE_REPO_COMMITTED, EV_FSO_UNFREEZE_REPO_COMMITTED -> history.committed();
            default -> history;
        };
    }

    private FreezeRequest request(UUID repo, WorkflowEvent body) {
        return new FreezeRequest(
                repo,
                workflow,
                body.getGitAuthor().getName(),
                body.getGitAuthor().getEmail());
    }

    @Override
    public @Nullable String defect(WorkflowEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_FREEZE_REPO_STARTED_2, EV_FSO_UNFREEZE_REPO_STARTED_2 ->
                RepoFold.id(event.getRepoId()) == null ? "it names no repo" : null;
            default -> null;
        };
    }

    @Override
    public WorkflowAction due(FreezeState state) {
        History history = state.history();
        if (history.code() != FreezeState.NO_CODE || history.over() || history.filesCode() != FreezeState.NO_CODE) {
            return ending(state);
        }
        FreezeRequest request = history.request();
        if (!history.files() || request == null) {
            return WorkflowAction.waits(name + ".wait", history.tail(), "the registry has not asked for the files");
        }
        return state.local().abort().isEmpty() ? files(state, request) : giveUp(state, request);
    }

    private WorkflowAction files(FreezeState state, FreezeRequest request) {
        if (state.local().done()) {
            return action(
                    new WorkflowOperation.CommitFiles(
                            freeze, workflow, state.history().tail()),
                    ".done",
                    state,
                    "the registry is told that the files are done");
        }
        if (!state.local().enabled()) {
            return action(
                    new WorkflowOperation.AwaitEnabled(request.repo()), ".files", state, "the repo is not enabled");
        }
        return freeze
                ? action(new WorkflowOperation.Freeze(request), ".enabled", state, "the files are made immutable")
                : action(new WorkflowOperation.Unfreeze(request), ".enabled", state, "the files are made changeable");
    }

    private WorkflowAction giveUp(FreezeState state, FreezeRequest request) {
        if (freeze && !state.local().undone()) {
            return undo(state, request);
        }
        return action(
                new WorkflowOperation.AbortFiles(
                        freeze, workflow, state.history().tail(), state.local().abort()),
                ".abort",
                state,
                "the registry is told that the files cannot be done");
    }

    /** The files or the workflow have ended, here or elsewhere. */
    private WorkflowAction ending(FreezeState state) {
        History history = state.history();
        FreezeRequest request = history.request();
        boolean owed = freeze && history.files() && !state.local().undone();
        if (history.failed() && owed && request != null) {
            return undo(state, request);
        }
        if (owed && history.code() == FreezeState.NO_CODE && !history.over()) {
            // It may still fail, and then the files have to be given back.
            return WorkflowAction.waits(name + ".ending", history.tail(), "the registry has not ended the freeze");
        }
        return action(new WorkflowOperation.End(history.failed(), null), ".end", state, "nothing");
    }

    private WorkflowAction undo(FreezeState state, FreezeRequest request) {
        return action(new WorkflowOperation.Undo(request), ".undo", state, "the files are given back");
    }

    private WorkflowAction action(WorkflowOperation operation, String rule, FreezeState state, String why) {
        return new WorkflowAction(operation, name + rule, state.history().tail(), why);
    }

    @Override
    public FreezeState done(FreezeState state, WorkflowOperation operation) {
        if (operation instanceof WorkflowOperation.AwaitEnabled) {
            return state.with(state.local().seenEnabled());
        }
        if (operation instanceof WorkflowOperation.Undo) {
            return state.with(state.local().allUndone());
        }
        if (operation instanceof WorkflowOperation.CommitFiles) {
            return state.with(state.history().filesEnded(0));
        }
        if (operation instanceof WorkflowOperation.AbortFiles) {
            return state.with(state.history().filesEnded(code(freeze)));
        }
        return state.with(state.local().filesDone());
    }

    @Override
    public Failed<FreezeState> failed(FreezeState state, WorkflowOperation operation, Throwable error) {
        boolean hopeless = error instanceof RepoGoneException
                || error instanceof NotEnabledException
                || error instanceof UnsupportedOperationException;
        if (operation instanceof WorkflowOperation.AwaitEnabled) {
            return hopeless ? givingUp(state, error) : new Failed<>(state, true);
        }
        if (operation instanceof WorkflowOperation.Freeze || operation instanceof WorkflowOperation.Unfreeze) {
            FreezeState counted = state.with(state.local().failedOnce());
            return hopeless || counted.local().failures() > RETRIES
                    ? givingUp(counted, error)
                    : new Failed<>(counted, true);
        }
        if (operation instanceof WorkflowOperation.Undo) {
            // Whoever enables the repo the next time gives back what is left: its tier says that no freeze is in force.
            FreezeState counted = state.with(state.local().undoFailedOnce());
            return hopeless || counted.local().undoFailures() > RETRIES
                    ? new Failed<>(counted.with(counted.local().allUndone()), false)
                    : new Failed<>(counted, true);
        }
        return new Failed<>(state, true);
    }

    private static Failed<FreezeState> givingUp(FreezeState state, Throwable error) {
        return new Failed<>(state.with(state.local().givingUp(ErrorText.message(error))), false);
    }

    /** The status code with which this side gives up (registry specification §5.3). */
    static int code(boolean freeze) {
        return freeze ? 105 : 108;
    }

    @Override
    public @Nullable UUID repo(FreezeState state) {
        FreezeRequest request = state.history().request();
        return request == null ? null : request.repo();
    }
}
