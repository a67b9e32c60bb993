package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.registry.MoveState.MoveRepo;
import io.repowatch.wire.nogfso.BeginMoveRepoI;
import io.repowatch.wire.nogfso.CommitMoveRepoI;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedI;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedI;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.LookupReply;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The requests of a move of a repo (registry specification §5.3, S6), each one append. Whoever lost an answer repeats the
 * request as it was, and gets the same answer.
 */
final class MoveRepoCalls implements WorkflowKind {
    private static final String ADMIN_REPO = "fso/admin-repo";
    private static final String CONFIRM_REPO = "fso/confirm-repo";

    private final CommandLoops loops;
    private final RepoCalls repos;
    private final Authorizer authorizer;
    private final MoveAccept accept;

    MoveRepoCalls(CommandLoops loops, RepoCalls repos, Authorizer authorizer, MoveAccept accept) {
        this.loops = loops;
        this.repos = repos;
        this.authorizer = authorizer;
        this.accept = accept;
    }

    Mono<ByteString> begin(Principal principal, BeginMoveRepoI in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.getRegistry());
            UUID repo = WireFields.repo(in.getRepo());
            UUID workflow = WireFields.workflow(in.getWorkflow());
            GlobalPath path = WireFields.path(in.getNewGlobalPath());
            if (path.equals(GlobalPath.ROOT)) {
                throw WireFields.invalid("registry error: a repo cannot be at /");
            }
            Vid expected = WireFields.expectedVid(in.getVid());
            boolean samePath = in.getIsUnchangedGlobalPath();
            return loops.registry(name)
                    .flatMap(target -> target.submit(
                            new Begin(principal, target.registry(), repo, workflow, path, samePath, expected)))
                    .map(WireFields::bytes);
        });
    }

    private final class Begin extends MoveTransaction {
        private final Principal principal;
        private final GlobalPath path;
        private final boolean samePath;
        private final @Nullable Vid expected;

        Begin(
                Principal principal,
                AggregateRef<RegistryState, RegistryEvent> registry,
                UUID repo,
                UUID workflow,
                GlobalPath path,
                boolean samePath,
                @Nullable Vid expected) {
            super(registry, repo, workflow);
            this.principal = principal;
            this.path = path;
            this.samePath = samePath;
            this.expected = expected;
        }

        @Override
        public UUID claims() {
            return workflowId();
        }

        @Override
        public Vid run(UnitOfWork unit) {
            authorize(unit.state(registry).repo(repoId()));
            RepoState.BegunMove before = RepoState.Move.begun(unit.state(repo).moveRepo(), workflowId());
            if (before != null && before.target().equals(path.value()) && before.samePath() == samePath) {
                return before.vid();
            }
            unit.expect(registry, expected);
            boolean used =
                    unit.isClaimUsed() || ClaimedId.isIndex(unit.state(registry).name(), workflowId());
            Vid accepted = unit.perform(
                    registry,
                    new RegistryMoveCommands.AcceptMove(repoId(), workflowId(), path.value(), samePath, used));
            start(unit, accepted);
            return accepted;
        }

        /** Both places decide who may, so a repo that the registry does not have is refused first. */
        private void authorize(@Nullable RegistryRepo known) {
            if (known == null) {
                throw WireFields.rejected(Status.Code.NOT_FOUND, RegistryRepoCommands.UNKNOWN_REPO);
            }
            authorizer.check(principal, ADMIN_REPO, AccessScope.path(new GlobalPath(known.path())));
            authorizer.check(principal, ADMIN_REPO, AccessScope.path(path));
        }

        private void start(UnitOfWork unit, Vid accepted) {
            RepoState before = unit.state(repo);
            FsoRepoInitInfo to = destination(unit.state(registry));
            Vid started = unit.perform(
                    repo,
                    new RepoMoveCommands.BeginMoveRepo(accepted, workflowId(), to),
                    registry.aggregate().errorPrefix());
            FsoRepoInitInfo from = MovePlaces.place(before.init());
            unit.perform(workflow, new MoveRepoCommands.Init(repoId(), started, from, before.shadowPath(), to));
            if (accept == MoveAccept.AUTO) {
                unit.perform(workflow, new MoveRepoCommands.Accept());
            }
        }

        private FsoRepoInitInfo destination(RegistryState state) {
            RegistryRoot root = state.nearestRoot(path.value());
            if (root == null) {
                throw new IllegalStateException("accepted a move without a root at " + path);
            }
            return MovePlaces.place(root.placed(repoId(), path.value()));
        }
    }

    Mono<ByteString> postStaReleased(Principal principal, PostMoveRepoStaReleasedI in) {
        return step(
                principal,
                in.getRepo(),
                in.getWorkflow(),
                in.getWorkflowVid(),
                MoveRepo::released,
                new MoveRepoCommands.Release());
    }

    Mono<ByteString> postAppAccepted(Principal principal, PostMoveRepoAppAcceptedI in) {
        return step(
                principal,
                in.getRepo(),
                in.getWorkflow(),
                in.getWorkflowVid(),
                MoveRepo::accepted,
                new MoveRepoCommands.Accept());
    }

    /** A step that only the workflow notes. */
    private Mono<ByteString> step(
            Principal principal,
            ByteString repo,
            ByteString workflow,
            ByteString workflowVid,
            Function<MoveRepo, @Nullable Vid> answered,
            Command<MoveState, WorkflowEvent> command) {
        return Mono.defer(() -> {
            UUID repoId = WireFields.repo(repo);
            UUID workflowId = WireFields.workflow(workflow);
            Vid expected = WireFields.expectedVid(workflowVid);
            return loops.ofRepo(repoId)
                    .flatMap(target -> target.submit(new MoveTransaction(target.registry(), repoId, workflowId) {
                        @Override
                        public Vid run(UnitOfWork unit) {
                            repos.authorize(principal, CONFIRM_REPO, unit.state(this.repo));
                            Vid before = begun(unit) instanceof MoveRepo move ? answered.apply(move) : null;
                            if (before != null) {
                                return before;
                            }
                            unit.expect(this.workflow, expected);
                            return unit.perform(this.workflow, command);
                        }
                    }))
                    .map(WireFields::bytes);
        });
    }

    Mono<ByteString> commit(Principal principal, CommitMoveRepoI in) {
        return Mono.defer(() -> {
            UUID repoId = WireFields.repo(in.getRepo());
            UUID workflowId = WireFields.workflow(in.getWorkflow());
            Vid expected = WireFields.expectedVid(in.getWorkflowVid());
            String shadow = in.getNewShadowPath();
            String problem = MovePlaces.shadowProblem(shadow);
            if (problem != null) {
                throw WireFields.invalid(problem);
            }
            return loops.ofRepo(repoId)
                    .flatMap(target -> target.submit(new MoveTransaction(target.registry(), repoId, workflowId) {
                        @Override
                        public Vid run(UnitOfWork unit) {
                            repos.authorize(principal, CONFIRM_REPO, unit.state(repo));
                            if (begun(unit) instanceof MoveRepo move
                                    && move.end() != null
                                    && !move.end().aborted()
                                    && shadow.equals(move.shadow())) {
                                return move.end().vid();
                            }
                            unit.expect(workflow, expected);
                            return finish(this, unit, new MoveRepoCommands.Commit(shadow), Abortion.NONE);
                        }
                    }))
                    .map(WireFields::bytes);
        });
    }

    /** The workflow says where the repo is from now on; repo and registry follow, and the workflow ends. */
    private static Vid finish(
            MoveTransaction move, UnitOfWork unit, Command<MoveState, WorkflowEvent> end, Abortion aborted) {
        Vid moved = unit.perform(move.workflow, end);
        if (!(unit.state(move.workflow) instanceof MoveRepo state) || state.shadow() == null) {
            throw new IllegalStateException("a move that was accepted did not move: " + move.workflowId());
        }
        FsoRepoInitInfo place = aborted.code() == 0 ? state.to() : state.from();
        Vid repoEvent = unit.perform(
                move.repo, new RepoMoveCommands.CommitMoveRepo(move.workflowId(), moved, place, state.shadow()), "");
        unit.perform(
                move.registry,
                new RegistryMoveCommands.CommitMove(
                        move.repoId(), move.workflowId(), repoEvent, place.getGlobalPath()));
        return unit.perform(move.workflow, new MoveRepoCommands.Exit(aborted));
    }

    @Override
    public Mono<Vid> abort(Principal principal, CommandLoops.RegistryLoop target, Begun begun, Abortion abortion) {
        return target.submit(new MoveTransaction(target.registry(), begun.repo(), begun.workflow()) {
            @Override
            public Vid run(UnitOfWork unit) {
                repos.authorize(principal, ADMIN_REPO, unit.state(repo));
                MoveState.End end = begun(unit).end();
                return end != null && end.aborted()
                        ? end.vid()
                        : finish(this, unit, new MoveRepoCommands.Stay(), abortion);
            }
        });
    }

    @Override
    public Mono<LookupReply.Builder> lookup(Principal principal, Begun begun) {
        return repos.authorized(principal, begun.repo())
                .then(Replay.of(repos.journal(), MoveAggregate.ref(begun.workflow())))
                .map(snapshot -> LookupReply.newBuilder()
                        .setKind("move-repo")
                        .setRepo(WireFields.bytes(begun.repo()))
                        .setWorkflowVid(WireFields.bytes(snapshot.vid()))
                        .setState(snapshot.state() instanceof MoveRepo move ? word(move) : "")
                        .setStatusCode(WorkflowKind.code(snapshot.state().end()))
                        .setStatusMessage(WorkflowKind.message(snapshot.state().end())));
    }

    private static String word(MoveRepo move) {
        if (move.end() != null) {
            return move.end().aborted() ? "aborted" : "committed";
        }
        if (move.released() != null) {
            return move.accepted() != null ? "moving" : "released";
        }
        return move.accepted() != null ? "accepted" : "started";
    }
}
