package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.registry.FreezeState.Phase;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request about a freeze or unfreeze that has begun, with the four aggregates that take part. What it adds to the unit of
 * work is stored together or not at all.
 */
final class StorageStep {
    private final StorageChange change;
    private final UnitOfWork unit;
    private final UUID id;
    private final UUID repoId;
    private final AggregateRef<EphemeralState, WorkflowEvent> workflow;
    private final AggregateRef<IndexState, WorkflowEvent> index;
    private final AggregateRef<RegistryState, RegistryEvent> registry;
    private final AggregateRef<RepoState, RepoEvent> repo;

    StorageStep(UnitOfWork unit, UUID workflow, FreezeState begun) {
        this.change = begun.change();
        this.unit = unit;
        this.id = workflow;
        this.repoId = begun.repo();
        this.workflow = EphemeralAggregate.ref(workflow);
        this.index = IndexAggregate.ref(begun.registry());
        this.registry = AggregateRef.registry(begun.registry());
        this.repo = AggregateRef.repo(repoId);
    }

    /** What has to be loaded for it. */
    static List<AggregateRef<?, ?>> needs(UUID workflow, FreezeState begun) {
        return List.of(
                EphemeralAggregate.ref(workflow),
                IndexAggregate.ref(begun.registry()),
                AggregateRef.repo(begun.repo()));
    }

    FreezeState state() {
        return (FreezeState) unit.state(workflow);
    }

    Vid vid() {
        return unit.vid(workflow);
    }

    StorageCalls.Versions versions() {
        return new StorageCalls.Versions(vid(), unit.vid(index));
    }

    /** An ended workflow has no version to wait for: that it has ended is the better answer, and the command gives it. */
    void expect(@Nullable Vid expected) {
        if (expected != null && !expected.equals(vid()) && !state().phase().ended()) {
            throw new CommandRejectedException(
                    Status.Code.ABORTED.name(),
                    change.errorPrefix() + "event journal: version conflict: stored VID " + vid() + " != expected VID "
                            + expected);
        }
    }

    void requirePhase(Phase phase) {
        if (state().phase() != phase) {
            throw UnitOfWork.rejected(EphemeralAggregate.INSTANCE, FreezeCommands.stateConflict(change));
        }
    }

    Vid perform(Command<EphemeralState, WorkflowEvent> command) {
        return unit.perform(workflow, command);
    }

    /** The files are done: everybody learns it. */
    void succeed() {
        unit.perform(repo, new StorageCommands.RepoCommit(change, id));
        unit.perform(registry, new StorageCommands.RegistryEnd(change, repoId, id, 0));
        end(perform(new FreezeCommands.Commit(change)));
    }

    /** It has failed: everybody learns it. */
    void fail(int code, String message, GitUser author) {
        unit.perform(repo, new StorageCommands.RepoAbort(change, id, code, message));
        unit.perform(registry, new StorageCommands.RegistryEnd(change, repoId, id, code));
        end(perform(new FreezeCommands.Abort(change, code, message, author)));
    }

    /** Ends it as failed from wherever it is, unless it has succeeded. */
    void giveUp(int code, String message, GitUser author) {
        if (state().phase().ended()) {
            throw WireFields.rejected(
                    Status.Code.FAILED_PRECONDITION,
                    change.errorPrefix() + "already terminated: the " + change.verb()
                            + " is complete, so there is nothing left to abort");
        }
        if (state().phase() == Phase.FILES) {
            perform(new FreezeCommands.AbortFiles(change, code, message));
        }
        fail(code, message, author);
    }

    private void end(Vid completed) {
        unit.perform(index, new IndexCommands.Commit(IndexedKind.of(change), id, completed));
        perform(new FreezeCommands.End(change));
    }
}
