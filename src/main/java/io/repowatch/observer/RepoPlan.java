package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.observer.RegistryRules.Standing;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

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

    /** The actions of the links that run, in their order. */
    List<PlannedAction> actions() {
        List<PlannedAction> planned = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            RepoView view = chain.get(i);
            if (i > 0 && !view.acquireExpected()) {
                // The first link knows that this move is done, and drops the link that waits for it.
                continue;
            }
            List<Action> actions = rules.atQuiescence(view);
            if (actions.isEmpty()) {
                planned.add(waiting(view));
            }
            for (Action action : actions) {
                if (!add(planned, view.repo(), action)) {
                    return planned;
                }
            }
            if (actions.isEmpty() || actions.get(actions.size() - 1).operation() != Operation.QUIT) {
                return planned;
            }
        }
        return planned;
    }

    /** Adds one action; false if what comes after it has to wait. */
    private boolean add(List<PlannedAction> planned, RepoState repo, Action action) {
        if (RepoWork.needsHost(action) && !RepoWork.isHere(hosts, repo)) {
            planned.add(refused(repo, action));
            return false;
        }
        PlannedStep step = PlannedStep.of(action.operation());
        planned.add(planned(repo, step, action, step.lasting(), ""));
        return switch (action.operation()) {
            case RELEASE, ACQUIRE, MOVE_SHADOW -> false;
            default -> true;
        };
    }

    /** The registry refuses an error where another one is stored already, so that nothing comes of it. */
    private PlannedAction refused(RepoState repo, Action action) {
        return planned(repo, PlannedStep.STORE_ERROR, action, !repo.hasError(), RepoWork.notHere(hosts, repo));
    }

    private static PlannedAction waiting(RepoView view) {
        RepoState repo = view.repo();
        UUID workflow = view.link() instanceof Link.Acquire acquire ? acquire.workflow() : null;
        return new PlannedAction(
                repo.id(), repo.globalPath(), PlannedStep.WAIT, "quiet.wait", repo.tail(), workflow, false, reason(view));
    }

    private static String reason(RepoView view) {
        if (view.link() instanceof Link.Acquire acquire) {
            return "move " + acquire.workflow() + " is to bring it here";
        }
        return view.repo().hasError()
                ? "an error is stored: " + view.repo().error()
                : "its history asks for nothing yet";
    }

    private static PlannedAction planned(
            RepoState repo, PlannedStep step, Action action, boolean lasting, String why) {
        return new PlannedAction(
                repo.id(), repo.globalPath(), step, action.rule(), action.cause(), action.workflow(), lasting, why);
    }
}
