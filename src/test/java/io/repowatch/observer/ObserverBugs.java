package io.repowatch.observer;

import io.repowatch.engine.Activity;
import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.ActivityFactory;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.Scope;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Observers with one method that is wrong, for the simulation to find. */
public final class ObserverBugs {
    private ObserverBugs() {}

    private static UnaryOperator<Observer.Builder> with(Workings workings) {
        return builder -> builder.workings(workings);
    }

    /** An observer on another engine. */
    public static UnaryOperator<Observer.Builder> on(UnaryOperator<ActivityEngine.Builder> engine) {
        return with(new Workings() {
            @Override
            ActivityEngine.Builder engine(EventSource source) {
                return engine.apply(super.engine(source));
            }
        });
    }

    /** A new instance of a repo's activity goes on with what the one before knew. */
    public static UnaryOperator<Observer.Builder> keepsStateInANewInstance() {
        return with(new Workings() {
            private final Map<RepoKey, Activity<RepoEvent>> instances = new HashMap<>();
            private @Nullable RepoWork last;

            @Override
            Activity<RepoEvent> repoActivity(RepoContext context, Scope scope, Link link) {
                if (last != context.work()) {
                    last = context.work();
                    instances.clear();
                }
                return instances.computeIfAbsent(
                        (RepoKey) scope.stream(), each -> super.repoActivity(context, scope, link));
            }
        });
    }

    /** Links that wait for a move which is done are not dropped (D3). */
    public static UnaryOperator<Observer.Builder> keepsAStaleAcquire() {
        return with(new Workings() {
            @Override
            RepoChains chains(Scope scope, BiFunction<RepoChains, Link, ActivityFactory<RepoEvent>> activities) {
                return new RepoChains(scope, activities) {
                    @Override
                    void moveDone(RepoKey key, UUID workflow) {}
                };
            }
        });
    }

    /** At the start, a move that brings an unknown repo is noted without the repo's id (D1). */
    public static UnaryOperator<Observer.Builder> notesAMoveWithoutTheRepo() {
        return with(new Workings() {
            @Override
            RegistryRules registryRules(Prefixes prefixes) {
                return new RegistryRules(prefixes) {
                    @Override
                    void fold(Map<UUID, Standing> repos, RegistryEvent event) {
                        UUID repo = RepoFold.id(event.getFsoRepoInfo().getId());
                        boolean unknown = repo != null && !repos.containsKey(repo);
                        super.fold(repos, event);
                        if (unknown && event.getEvent() == RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED) {
                            Standing standing = repos.remove(repo);
                            if (standing != null) {
                                repos.put(EntityIds.NIL, standing);
                            }
                        }
                    }
                };
            }
        });
    }

    /** The new side of a move posts that the old side has let the repo go (D2). */
    public static UnaryOperator<Observer.Builder> releasesAsTheNewOwner() {
        return with(new Workings() {
            @Override
            WorkflowRules<?> ofRepo(WorkflowPart part, RepoState repo, UUID workflow) {
                return part != WorkflowPart.ACQUIRE
                        ? super.ofRepo(part, repo, workflow)
                        : new AcquireRules(repo, workflow) {
                            @Override
                            public WorkflowAction due(MoveState state) {
                                return state.accepted() && !state.released()
                                        ? new WorkflowAction(
                                                new WorkflowOperation.PostReleased(repo.id(), workflow),
                                                "planted",
                                                state.tail(),
                                                "nothing")
                                        : super.due(state);
                            }
                        };
            }
        });
    }

    /** A repo that is elsewhere is taken for one of ours (D4). */
    public static UnaryOperator<Observer.Builder> enablesForeignRepos() {
        return with(new Workings() {
            @Override
            RepoRules repoRules(Prefixes prefixes) {
                return new RepoRules(prefixes) {
                    @Override
                    boolean foreign(RepoState repo) {
                        return false;
                    }
                };
            }
        });
    }

    /** The count of weak failures goes on after a success (D15). */
    public static UnaryOperator<Observer.Builder> resetsNoErrorCounter() {
        return with(new Workings() {
            @Override
            WeakFailures weakFailures() {
                return new WeakFailures() {
                    @Override
                    void reset(UUID repo, Operation operation) {}
                };
            }
        });
    }
}
