package io.repowatch.observer;

import static io.repowatch.observer.Operation.ACQUIRE;
import static io.repowatch.observer.Operation.DISABLE;
import static io.repowatch.observer.Operation.ENABLE;
import static io.repowatch.observer.Operation.GITLAB;
import static io.repowatch.observer.Operation.INIT;
import static io.repowatch.observer.Operation.MOVE_SHADOW;
import static io.repowatch.observer.Operation.QUIT;
import static io.repowatch.observer.Operation.RELEASE;

import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What each event of a repo means (storage specification §1.5 with the corrections of §14). Pure: the same view and event
 * give the same actions, and nothing is done here. Actions run in the order of the list; the first that fails ends it.
 */
class RepoRules {
    private final Prefixes prefixes;

    RepoRules(Prefixes prefixes) {
        this.prefixes = prefixes;
    }

    static RepoView initial(UUID repo, Link link) {
        return new RepoView(RepoState.initial(repo), link, false, false);
    }

    /** The view with one more event; an acquire whose move is done follows from then on. */
    RepoView fold(RepoView view, Event<RepoEvent> event) {
        Link link = view.link();
        if (link instanceof Link.Acquire acquire && acquire.workflow().equals(doneMove(view.repo(), event.body()))) {
            link = Link.FOLLOW;
        }
        return new RepoView(RepoFold.apply(view.repo(), event), link, view.enableOwed(), view.enabled());
    }

    /** The move that an event says is done, null if it says nothing of the kind. */
    static @Nullable UUID doneMove(RepoState state, RepoEvent body) {
        return body.getEvent() == RepoEvent.Type.EV_FSO_REPO_MOVED && RepoFold.defect(state, body) == null
                ? RepoFold.workflow(body)
                : null;
    }

    /** The actions when the stream is quiet for the first time: the first rule that matches decides. */
    List<Action> atQuiescence(RepoView view) {
        RepoState repo = view.repo();
        Vid cause = repo.tail();
        if (view.link() instanceof Link.Acquire acquire) {
            return acquire.workflow().equals(repo.moveWorkflow())
                    ? List.of(new Action(ACQUIRE, "quiet.acquire", cause, acquire.workflow()))
                    : List.of();
        }
        if (repo.moveWorkflow() != null && !foreign(repo)) {
            return release("quiet.release", cause, repo.moveWorkflow());
        }
        if (foreign(repo)) {
            // It was enabled before an interrupted or repeated replay, and left meanwhile.
            return view.enabled()
                    ? List.of(Action.of(DISABLE, "quiet.foreign", cause), Action.of(QUIT, "quiet.foreign", cause))
                    : List.of(Action.of(QUIT, "quiet.foreign", cause));
        }
        if (repo.moveShadowWorkflow() != null) {
            // After the rule before: whoever has the repo now answers for the move of its shadow.
            return moveShadow("quiet.move-shadow", cause, repo.moveShadowWorkflow());
        }
        List<Action> actions = new ArrayList<>(2);
        if (repo.hasShadow()) {
            actions.add(Action.of(ENABLE, "quiet.enable", cause));
        }
        if (initDue(repo)) {
            actions.add(Action.of(INIT, "quiet.init", cause));
        }
        if (gitlabDue(repo)) {
            actions.add(Action.of(GITLAB, "quiet.gitlab", cause));
        }
        return actions;
    }

    /** The actions for one event after quiescence. The view has the event folded already. */
    List<Action> onLive(RepoView view, Event<RepoEvent> event) {
        RepoEvent body = event.body();
        if (RepoFold.defect(view.repo(), body) != null) {
            return List.of();
        }
        Vid cause = event.id();
        return switch (body.getEvent()) {
            case EV_FSO_REPO_INIT_STARTED -> initStarted(view, cause);
            case EV_FSO_SHADOW_REPO_CREATED -> settle(view, "live.shadow-created", cause);
            case EV_FSO_GIT_REPO_CREATED -> settle(view, "live.gitlab-created", cause);
            case EV_FSO_ENABLE_GITLAB_ACCEPTED -> gitlabAccepted(view, cause);
            case EV_FSO_REPO_ERROR_CLEARED -> errorCleared(view, cause);
            case EV_FSO_REPO_MOVE_STARTED -> moveStarted(view, cause);
            case EV_FSO_REPO_MOVED -> moved(view, cause);
            case EV_FSO_SHADOW_REPO_MOVE_STARTED -> shadowMoveStarted(view, cause);
            case EV_FSO_SHADOW_REPO_MOVED -> settle(view, "live.shadow-moved", cause);
            default -> List.of();
        };
    }

    private List<Action> initStarted(RepoView view, Vid cause) {
        if (held(view)) {
            return List.of();
        }
        if (foreign(view.repo())) {
            return List.of(Action.of(QUIT, "live.init-started.foreign", cause));
        }
        return initDue(view.repo()) ? List.of(Action.of(INIT, "live.init-started", cause)) : List.of();
    }

    private List<Action> gitlabAccepted(RepoView view, Vid cause) {
        return !held(view) && gitlabDue(view.repo())
                ? List.of(Action.of(GITLAB, "live.gitlab-accepted", cause))
                : List.of();
    }

    private List<Action> errorCleared(RepoView view, Vid cause) {
        if (held(view)) {
            return List.of();
        }
        List<Action> actions = new ArrayList<>(3);
        if (initDue(view.repo())) {
            actions.add(Action.of(INIT, "live.error-cleared", cause));
        }
        if (view.enableOwed() && view.repo().hasShadow()) {
            actions.add(Action.of(ENABLE, "live.error-cleared", cause));
        }
        if (gitlabDue(view.repo())) {
            actions.add(Action.of(GITLAB, "live.error-cleared", cause));
        }
        return actions;
    }

    private List<Action> moveStarted(RepoView view, Vid cause) {
        UUID workflow = view.repo().moveWorkflow();
        if (view.link() instanceof Link.Acquire acquire) {
            return acquire.workflow().equals(workflow)
                    ? List.of(new Action(ACQUIRE, "live.move-started", cause, workflow))
                    : List.of();
        }
        return foreign(view.repo())
                ? List.of(Action.of(QUIT, "live.move-started.foreign", cause))
                : release("live.move-started", cause, workflow);
    }

    private List<Action> moved(RepoView view, Vid cause) {
        if (!view.acquireExpected() && foreign(view.repo())) {
            // A repo that left without a release must not stay enabled at a place that is no longer ours.
            return List.of(
                    Action.of(DISABLE, "live.moved.foreign", cause), Action.of(QUIT, "live.moved.foreign", cause));
        }
        return settle(view, "live.moved", cause);
    }

    private List<Action> shadowMoveStarted(RepoView view, Vid cause) {
        if (!view.acquireExpected() && foreign(view.repo())) {
            return List.of(Action.of(QUIT, "live.shadow-move-started.foreign", cause));
        }
        return view.acquireExpected() || view.repo().moveWorkflow() != null
                ? List.of()
                : moveShadow("live.shadow-move-started", cause, view.repo().moveShadowWorkflow());
    }

    /** Makes a repo that has a shadow usable, then does what else is pending. */
    private List<Action> settle(RepoView view, String rule, Vid cause) {
        if (held(view) || !view.repo().hasShadow()) {
            return List.of();
        }
        Action enable = Action.of(ENABLE, rule, cause);
        return gitlabDue(view.repo()) ? List.of(enable, Action.of(GITLAB, rule, cause)) : List.of(enable);
    }

    /** Whether a move is expected or under way: the event that ends it settles what is pending. */
    private static boolean held(RepoView view) {
        return view.acquireExpected()
                || view.repo().moveWorkflow() != null
                || view.repo().moveShadowWorkflow() != null;
    }

    private static boolean initDue(RepoState repo) {
        return repo.wantsShadow() && !repo.hasShadow() && !repo.hasError();
    }

    private static boolean gitlabDue(RepoState repo) {
        return repo.pendingGitlab() && repo.hasShadow() && !repo.hasError();
    }

    /** Whether the repo is known to be outside the prefixes; a history without a path says nothing. */
    boolean foreign(RepoState repo) {
        return repo.globalPath() != null && !prefixes.own(repo.globalPath());
    }

    private static List<Action> release(String rule, Vid cause, @Nullable UUID workflow) {
        return List.of(
                new Action(DISABLE, rule, cause, workflow),
                new Action(RELEASE, rule, cause, workflow),
                new Action(QUIT, rule, cause, workflow));
    }

    private static List<Action> moveShadow(String rule, Vid cause, @Nullable UUID workflow) {
        return List.of(new Action(DISABLE, rule, cause, workflow), new Action(MOVE_SHADOW, rule, cause, workflow));
    }
}
