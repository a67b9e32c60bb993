package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.observer.RegistryRules.Standing;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the chain of one repo does after a replay of its history, which is folded once for all links. For one thread at a time. */
final class RepoPlan {
    private final RepoRules rules;
    private final Set<String> hosts;
    private final List<RepoView> chain = new ArrayList<>(2);

    RepoPlan(RepoRules rules, Set<String> hosts, UUID repo, Standing standing) {
        this.rules = rules;
        this.hosts = hosts;
        if (standing.own()) {
            chain.add(RepoRules.initial(repo, Link.FOLLOW));
        }
        if (standing.acquire() != null) {
            chain.add(RepoRules.initial(repo, new Link.Acquire(standing.acquire())));
        }
    }

    RepoPlan fold(Event<RepoEvent> event) {
        chain.replaceAll(view -> rules.fold(view, event));
        return this;
    }

    /** The folded history. */
    RepoState repo() {
        return chain.get(0).repo();
    }

    /**
     * What one link does.
     *
     * @param actions what it does first
     * @param part the part of a workflow that it then takes, null for none
     * @param quit how it ends, null where it goes on
     */
    record LinkPlan(
            List<PlannedAction> actions,
            @Nullable Action part,
            @Nullable Action quit) {}

    /** What the links do that are not dropped, each when the one before has ended. */
    List<LinkPlan> links() {
        List<LinkPlan> links = new ArrayList<>(2);
        for (RepoView view : chain) {
            // The first link knows which moves are done, and drops the links that wait for them.
            if (links.isEmpty() || view.acquireExpected()) {
                links.add(link(view));
            }
        }
        return links;
    }

    private LinkPlan link(RepoView view) {
        RepoState repo = view.repo();
        List<PlannedAction> planned = new ArrayList<>(2);
        Action part = null;
        for (Action action : rules.atQuiescence(view)) {
            switch (action.operation()) {
                case RELEASE, ACQUIRE, MOVE_SHADOW -> part = action;
                case QUIT -> {
                    return new LinkPlan(planned, part, action);
                }
                default -> {
                    if (RepoWork.needsHost(action) && !RepoWork.isHere(hosts, repo)) {
                        planned.add(PlannedAction.refused(repo, action, RepoWork.notHere(hosts, repo)));
                        return new LinkPlan(planned, null, null);
                    }
                    planned.add(PlannedAction.of(repo, action));
                }
            }
        }
        if (planned.isEmpty() && part == null) {
            planned.add(waits(view));
        }
        return new LinkPlan(planned, part, null);
    }

    private static PlannedAction waits(RepoView view) {
        RepoState repo = view.repo();
        if (view.link() instanceof Link.Acquire acquire) {
            return PlannedAction.waits(repo, acquire.workflow(), "move " + acquire.workflow() + " is to bring it here");
        }
        return PlannedAction.waits(
                repo,
                null,
                repo.hasError() ? "an error is stored: " + repo.error() : "its history asks for nothing yet");
    }

    /** Whether the repo takes requests once this is done. */
    boolean enables() {
        return links().get(0).actions().stream().anyMatch(action -> action.step() == PlannedStep.ENABLE);
    }
}
