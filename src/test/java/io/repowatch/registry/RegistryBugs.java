package io.repowatch.registry;

import io.repowatch.journal.Append;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Registries with one method that is wrong, for the simulation to find. */
public final class RegistryBugs {
    private RegistryBugs() {}

    /** Each stream of an append is stored alone, so that a crash may leave half of it. */
    public static Registry appendsStreamByStream(Journal journal, RegistryConfig config) {
        return Registry.open(journal, config, (j, c, identities) -> new CommandLoops(j, c, identities) {
            @Override
            CommandLoop loop(AggregateRef<?, ?> ref) {
                return new CommandLoop(j, c.scheduler(), identities, ref, c.cachedRepos() + 1) {
                    @Override
                    Mono<Long> append(List<Append> appends) {
                        return Flux.fromIterable(appends)
                                .concatMap(append -> j.append(List.of(append)))
                                .last();
                    }
                };
            }
        });
    }

    /** A path to which a repo is moving is free for others (W26). */
    public static Registry reservesNoPath(Journal journal, RegistryConfig config) {
        return deciding(journal, config, new Deciding() {
            @Override
            <S, E> Decision<E> instead(Command<S, E> command, S state, Decision<E> decision) {
                return command instanceof RegistryMoveCommands.AcceptMove move
                                && isRefused(decision, "already initialized at path")
                                && state instanceof RegistryState registry
                                && !isAt(registry.nearestAncestor(move.path() + "/below"), move.path())
                        ? accepted(move)
                        : decision;
            }
        });
    }

    /** A repo may move while it is being frozen, and when it is (W27). */
    public static Registry movesDuringAFreeze(Journal journal, RegistryConfig config) {
        return deciding(journal, config, new Deciding() {
            @Override
            <S, E> Decision<E> instead(Command<S, E> command, S state, Decision<E> decision) {
                if (!isRefused(decision, "storage workflow conflict")) {
                    return decision;
                }
                if (command instanceof RegistryMoveCommands.AcceptMove move) {
                    return accepted(move);
                }
                return command instanceof RepoMoveCommands.BeginMoveRepo begin && state instanceof RepoState repo
                        ? begun(begin, repo)
                        : decision;
            }
        });
    }

    /** What to answer in place of a decision. */
    private abstract static class Deciding {
        abstract <S, E> Decision<E> instead(Command<S, E> command, S state, Decision<E> decision);
    }

    private static Registry deciding(Journal journal, RegistryConfig config, Deciding deciding) {
        return Registry.open(journal, config, (j, c, identities) -> new CommandLoops(j, c, identities) {
            @Override
            CommandLoop loop(AggregateRef<?, ?> ref) {
                return new CommandLoop(j, c.scheduler(), identities, ref, c.cachedRepos() + 1) {
                    @Override
                    UnitOfWork unit(
                            Function<StreamId, @Nullable Snapshot<?>> states, Identities ids, boolean claimUsed) {
                        return new UnitOfWork(states, ids, claimUsed) {
                            @Override
                            <S, E> Decision<E> decide(Command<S, E> command, S state) {
                                return deciding.instead(command, state, super.decide(command, state));
                            }
                        };
                    }
                };
            }
        });
    }

    private static boolean isAt(@Nullable RegistryRepo repo, String path) {
        return repo != null && repo.path().equals(path);
    }

    private static boolean isRefused(Decision<?> decision, String text) {
        return decision instanceof Decision.Rejected<?> rejected
                && rejected.rejection().text().contains(text);
    }

    @SuppressWarnings("unchecked") // the command is the registry's, and so are its events
    private static <E> Decision<E> accepted(RegistryMoveCommands.AcceptMove move) {
        return (Decision<E>) Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED)
                .setWorkflowId(WireFields.bytes(move.workflow()))
                .setFsoRepoInfo(FsoRepoInfo.newBuilder()
                        .setId(WireFields.bytes(move.repo()))
                        .setGlobalPath(move.path()))
                .build());
    }

    @SuppressWarnings("unchecked") // the command is the repo's, and so are its events
    private static <E> Decision<E> begun(RepoMoveCommands.BeginMoveRepo begin, RepoState state) {
        return (Decision<E>) Decision.event(RepoEvent.newBuilder()
                .setEvent(RepoEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                .setRegistryEventId(WireFields.bytes(begin.registryEvent()))
                .setWorkflowId(WireFields.bytes(begin.workflow()))
                .setFsoRepoInitInfo(MovePlaces.place(state.init()))
                .setFsoShadowRepoInfo(MoveRepoCommands.shadow(state.shadowPath()))
                .setNewFsoRepoInitInfo(begin.to())
                .build());
    }
}
