package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.registry.MoveState.MoveShadow;
import io.repowatch.wire.nogfso.BeginMoveShadowI;
import io.repowatch.wire.nogfso.CommitMoveShadowI;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledI;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.LookupReply;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The requests of a move of a repo's shadow (registry specification §5.3, S7), each one append. Whoever lost an answer repeats
 * the request as it was, and gets the same answer.
 */
final class MoveShadowCalls implements WorkflowKind {
    private static final String ADMIN_REPO = "fso/admin-repo";

    /** Clients know the refusals of these requests without a prefix. */
    private static final String BARE = "";

    private final CommandLoops loops;
    private final RepoCalls repos;

    MoveShadowCalls(CommandLoops loops, RepoCalls repos) {
        this.loops = loops;
        this.repos = repos;
    }

    /** Emits the version of the repo. */
    Mono<ByteString> begin(Principal principal, BeginMoveShadowI in) {
        return Mono.defer(() -> {
            UUID repoId = WireFields.repo(in.getRepo());
            UUID workflowId = WireFields.workflow(in.getWorkflow());
            Vid expected = WireFields.expectedVid(in.getVid());
            String path = in.getNewShadowPath();
            return loops.ofRepo(repoId)
                    .flatMap(target -> target.submit(new MoveTransaction(target.registry(), repoId, workflowId) {
                        @Override
                        public UUID claims() {
                            return workflowId;
                        }

                        @Override
                        public Vid run(UnitOfWork unit) {
                            repos.authorize(principal, ADMIN_REPO, unit.state(repo));
                            RepoState.BegunMove before =
                                    RepoState.Move.begun(unit.state(repo).moveShadow(), workflowId);
                            if (before != null && before.target().equals(path)) {
                                return before.vid();
                            }
                            unit.expect(repo, expected);
                            return start(this, unit, path);
                        }
                    }))
                    .map(WireFields::bytes);
        });
    }

    private static Vid start(MoveTransaction move, UnitOfWork unit, String path) {
        Vid started = unit.perform(move.repo, new RepoMoveCommands.BeginMoveShadow(move.workflowId(), path), BARE);
        if (unit.isClaimUsed() || ClaimedId.isIndex(unit.state(move.registry).name(), move.workflowId())) {
            throw UnitOfWork.rejected(move.workflow.aggregate(), Refusals.precondition(ClaimedId.USED));
        }
        unit.perform(move.workflow, new MoveShadowCommands.Init(move.repoId(), started));
        unit.perform(
                move.registry,
                new RegistryMoveCommands.NoteShadowMove(move.repoId(), move.workflowId(), started),
                BARE);
        return started;
    }

    /** Emits the version of the workflow, as the other steps do. */
    Mono<ByteString> postStaDisabled(Principal principal, PostMoveShadowStaDisabledI in) {
        return Mono.defer(() -> {
            UUID repoId = WireFields.repo(in.getRepo());
            UUID workflowId = WireFields.workflow(in.getWorkflow());
            Vid expected = WireFields.expectedVid(in.getWorkflowVid());
            return loops.ofRepo(repoId)
                    .flatMap(target -> target.submit(new MoveTransaction(target.registry(), repoId, workflowId) {
                        @Override
                        public Vid run(UnitOfWork unit) {
                            repos.authorize(principal, "fso/confirm-repo", unit.state(repo));
                            Vid before = begun(unit) instanceof MoveShadow move ? move.disabled() : null;
                            if (before != null) {
                                return before;
                            }
                            unit.expect(workflow, expected);
                            return unit.perform(workflow, new MoveShadowCommands.Disable());
                        }
                    }))
                    .map(WireFields::bytes);
        });
    }

    Mono<ByteString> commit(Principal principal, CommitMoveShadowI in) {
        return Mono.defer(() -> {
            UUID repoId = WireFields.repo(in.getRepo());
            UUID workflowId = WireFields.workflow(in.getWorkflow());
            Vid expected = WireFields.expectedVid(in.getWorkflowVid());
            return loops.ofRepo(repoId)
                    .flatMap(target -> target.submit(new MoveTransaction(target.registry(), repoId, workflowId) {
                        @Override
                        public Vid run(UnitOfWork unit) {
                            repos.authorize(principal, ADMIN_REPO, unit.state(repo));
                            Vid before = endedBy(begun(unit), false);
                            if (before != null) {
                                return before;
                            }
                            unit.expect(workflow, expected);
                            return finish(this, unit, new MoveShadowCommands.Commit(), Abortion.NONE);
                        }
                    }))
                    .map(WireFields::bytes);
        });
    }

    private static @Nullable Vid endedBy(MoveState state, boolean abort) {
        return state instanceof MoveShadow move
                        && move.end() != null
                        && move.end().aborted() == abort
                ? move.end().vid()
                : null;
    }

    private static Vid finish(
            MoveTransaction move, UnitOfWork unit, Command<MoveState, WorkflowEvent> end, Abortion aborted) {
        Vid moved = unit.perform(move.workflow, end);
        boolean stays = aborted.code() != 0;
        unit.perform(move.repo, new RepoMoveCommands.CommitMoveShadow(move.workflowId(), moved, stays), BARE);
        return unit.perform(move.workflow, new MoveShadowCommands.Exit(aborted));
    }

    @Override
    public Mono<Vid> abort(Principal principal, CommandLoops.RegistryLoop target, Begun begun, Abortion abortion) {
        return target.submit(new MoveTransaction(target.registry(), begun.repo(), begun.workflow()) {
            @Override
            public Vid run(UnitOfWork unit) {
                repos.authorize(principal, ADMIN_REPO, unit.state(repo));
                Vid before = endedBy(begun(unit), true);
                return before != null ? before : finish(this, unit, new MoveShadowCommands.Stay(), abortion);
            }
        });
    }

    @Override
    public Mono<LookupReply.Builder> lookup(Principal principal, Begun begun) {
        return repos.authorized(principal, begun.repo())
                .then(Replay.of(repos.journal(), MoveAggregate.ref(begun.workflow())))
                .map(snapshot -> LookupReply.newBuilder()
                        .setKind("move-shadow")
                        .setRepo(WireFields.bytes(begun.repo()))
                        .setWorkflowVid(WireFields.bytes(snapshot.vid()))
                        .setState(snapshot.state() instanceof MoveShadow move ? word(move) : "")
                        .setStatusCode(WorkflowKind.code(snapshot.state().end()))
                        .setStatusMessage(WorkflowKind.message(snapshot.state().end())));
    }

    private static String word(MoveShadow move) {
        if (move.end() != null) {
            return move.end().aborted() ? "aborted" : "committed";
        }
        return move.disabled() != null ? "disabled" : "started";
    }
}
