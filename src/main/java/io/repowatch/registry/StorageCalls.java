package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.registry.FreezeState.Phase;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.v1.LookupReply;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The requests of a freeze or unfreeze after its beginning (registry specification §4.5 and §5.3, S8 and S10). Each is one
 * append: when the files are done, workflow, repo, registry and index learn it together. So what the contract has as steps of
 * their own, {@link #commit} and {@link #abort}, finds everything done already. What is done is answered again, whatever
 * version the caller expects: it repeats a request whose answer it lost.
 */
final class StorageCalls implements WorkflowKind {
    private final StorageChange change;
    private final EphemeralCalls workflows;
    private final Authorizer authorizer;

    StorageCalls(StorageChange change, EphemeralCalls workflows, Authorizer authorizer) {
        this.change = change;
        this.workflows = workflows;
        this.authorizer = authorizer;
    }

    /** The versions of workflow and index. */
    record Versions(Vid workflow, Vid index) {}

    /** How a workflow stands, as the wire says it. */
    record Status(Vid workflow, String registry, ByteString repo, int code, String message) {}

    Mono<Vid> beginFiles(Principal principal, ByteString workflow, ByteString vid) {
        return perform(principal, change.executeAction(), workflow, step -> {
            if (step.state().phase() != Phase.FILES) {
                step.expect(WireFields.expectedVid(vid));
                step.perform(new FreezeCommands.BeginFiles(change));
            }
            return step.vid();
        });
    }

    Mono<Vid> commitFiles(Principal principal, ByteString workflow, ByteString vid) {
        return perform(principal, change.executeAction(), workflow, step -> {
            if (!step.state().hasEnded(true)) {
                step.expect(WireFields.expectedVid(vid));
                step.perform(new FreezeCommands.CommitFiles(change));
                step.succeed();
            }
            return step.vid();
        });
    }

    Mono<Vid> abortFiles(Principal principal, ByteString workflow, ByteString vid, int code, String message) {
        return perform(principal, change.executeAction(), workflow, step -> {
            requireFailure(code, message);
            if (!step.state().hasEnded(false)) {
                step.expect(WireFields.expectedVid(vid));
                step.perform(new FreezeCommands.AbortFiles(change, code, message));
                step.fail(code, message, GitUser.getDefaultInstance());
            }
            return step.vid();
        });
    }

    Mono<Versions> commit(Principal principal, ByteString workflow, ByteString vid) {
        return perform(principal, change.executeAction(), workflow, step -> {
            if (!step.state().hasEnded(true)) {
                step.expect(WireFields.expectedVid(vid));
                step.requirePhase(Phase.FILES_COMPLETED);
                step.succeed();
            }
            return step.versions();
        });
    }

    Mono<Versions> abort(Principal principal, ByteString workflow, ByteString vid, int code, String message) {
        return perform(principal, change.executeAction(), workflow, step -> {
            requireFailure(code, message);
            if (!step.state().hasEnded(false)) {
                step.expect(WireFields.expectedVid(vid));
                step.giveUp(code, message, GitUser.getDefaultInstance());
            }
            return step.versions();
        });
    }

    /** Whoever may begin one may end it early; refused once the files are done. */
    @Override
    public Mono<Vid> abort(Principal principal, CommandLoops.RegistryLoop target, Begun begun, Abortion abortion) {
        return perform(principal, change.requestAction(), WireFields.bytes(begun.workflow()), step -> {
            if (!step.state().hasEnded(false)) {
                step.giveUp(abortion.code(), abortion.reason(), abortion.author());
            }
            return step.vid();
        });
    }

    @Override
    public Mono<LookupReply.Builder> lookup(Principal principal, Begun begun) {
        return found(principal, WireFields.bytes(begun.workflow()), "fso/read-repo", false)
                .map(snapshot -> lookup(snapshot.vid(), (FreezeState) snapshot.state()));
    }

    private LookupReply.Builder lookup(Vid vid, FreezeState state) {
        boolean ended = state.phase().ended();
        String word = ended ? (state.code() == 0 ? "committed" : "failed") : "files";
        return LookupReply.newBuilder()
                .setKind(change.verb() + "-repo")
                .setRepo(WireFields.bytes(state.repo()))
                .setWorkflowVid(WireFields.bytes(vid))
                .setState(word)
                .setStatusCode(ended ? state.code() : RUNNING)
                .setStatusMessage(state.message());
    }

    /** Answers how the workflow stands, at once or when it has ended. */
    Mono<Status> get(Principal principal, ByteString workflow, boolean wait) {
        return found(principal, workflow, change.requestAction(), wait)
                .map(snapshot -> status(snapshot.vid(), (FreezeState) snapshot.state()));
    }

    private Mono<Snapshot<EphemeralState>> found(
            Principal principal, ByteString workflow, String action, boolean wait) {
        return Mono.defer(() -> {
            UUID id = WireFields.workflow(workflow);
            return known(id).flatMap(begun -> {
                authorizer.check(principal, action, scope(begun));
                return wait
                        ? workflows.await(
                                id,
                                state -> state instanceof FreezeState at
                                        && at.phase().ended())
                        : workflows.current(id);
            });
        });
    }

    private Status status(Vid vid, FreezeState state) {
        String files = change.gerund() + " files";
        int code = state.code();
        String message = state.message();
        switch (state.phase()) {
            case INITIALIZED -> {
                code = RUNNING;
                message = "initializing";
            }
            case FILES -> {
                code = RUNNING;
                message = files;
            }
            case FILES_COMPLETED -> {
                code = RUNNING;
                message = files + " completed";
            }
            case FILES_FAILED -> {
                code = Abortion.FAILED;
                message = files + " failed";
            }
            case COMPLETED, FAILED, TERMINATED -> {}
        }
        return new Status(vid, state.registry(), WireFields.bytes(state.repo()), code, message);
    }

    private <R> Mono<R> perform(
            Principal principal, String action, ByteString workflow, Function<StorageStep, R> body) {
        return Mono.defer(() -> {
            UUID id = WireFields.workflow(workflow);
            return known(id).flatMap(begun -> {
                authorizer.check(principal, action, scope(begun));
                return workflows
                        .loops()
                        .registry(begun.registry())
                        .flatMap(target -> target.submit(Transaction.needing(
                                StorageStep.needs(id, begun), unit -> body.apply(new StorageStep(unit, id, begun)))));
            });
        });
    }

    /** Emits the workflow as it began, if it is one of this kind. */
    private Mono<FreezeState> known(UUID id) {
        return workflows.begun(id).defaultIfEmpty(EphemeralState.None.NONE).map(state -> {
            FreezeState known = FreezeCommands.known(change, state);
            if (known == null) {
                throw UnitOfWork.rejected(EphemeralAggregate.INSTANCE, FreezeCommands.missing(change, state));
            }
            return known;
        });
    }

    private void requireFailure(int code, String message) {
        String problem = StorageCommands.failureProblem(code, message);
        if (problem != null) {
            throw WireFields.invalid(change.errorPrefix() + problem);
        }
    }

    private static AccessScope scope(FreezeState state) {
        return AccessScope.path(new GlobalPath(state.path()));
    }
}
