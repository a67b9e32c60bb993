package io.repowatch.observer;

import io.repowatch.engine.Activity;
import io.repowatch.engine.Event;
import io.repowatch.engine.Scope;
import io.repowatch.engine.Step;
import io.repowatch.id.Vid;
import io.repowatch.observer.RepoStatus.State;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One link of a repo's chain: folds the repo's events and executes the actions that {@link RepoRules} asks for, nothing else.
 * Whatever takes a lock, files, or a workflow runs as an await, under no permit.
 */
final class RepoActivity extends StatusEntry implements Activity<RepoEvent> {
    private final RepoContext context;

    /** Knows the repo, too, and the last event. */
    private final Scope scope;

    /** {@link Awake}, or the view packed into an array of bytes while the repo sleeps. */
    private Object kept;

    RepoActivity(RepoContext context, Scope scope, Link link) {
        this.context = context;
        this.scope = scope;
        // A new instance after a restart from the epoch finds the processor as the one before it left it.
        this.kept = new Awake(
                RepoRules.initial(repo(), link).withEnabled(work().board().isEnabled(repo())));
        work().board().enter(this, State.LOADING, "its history is being read");
    }

    /** What is at hand between callbacks of a repo that has something to do, or is not well. */
    private static final class Awake {
        RepoView view;
        @Nullable
        Replayed replayed;

        @Nullable
        Progress progress;

        @Nullable
        String failure;

        Awake(RepoView view) {
            this.view = view;
        }
    }

    /** What a replay found that has to wait until it is over. */
    private static final class Replayed {
        final List<Observation> malformed = new ArrayList<>();
        final List<UUID> movesDone = new ArrayList<>();
    }

    /** How far the actions of one callback are, so that a repetition goes on with the one that failed. */
    private static final class Progress {
        final Vid tail;
        final List<Action> actions;
        int next;

        /** Whether anything but enabling was done, which alone leaves the stream as it is. */
        boolean wrote;

        /** Whether a move was found to lead outside the prefixes. */
        boolean leaving;

        Progress(Vid tail, List<Action> actions) {
            this.tail = tail;
            this.actions = actions;
        }
    }

    private RepoKey key() {
        return (RepoKey) scope.stream();
    }

    @Override
    UUID repo() {
        return key().repo();
    }

    private RepoWork work() {
        return context.work();
    }

    private Awake awake() {
        if (kept instanceof Awake awake) {
            return awake;
        }
        // Before the callback of an event its id is not the tail yet: the one before is, with which it fell asleep.
        Awake awake = new Awake(work().packer().unpack(repo(), scope.tail(), (byte[]) kept));
        kept = awake;
        return awake;
    }

    private RepoView view() {
        return awake().view;
    }

    private void view(RepoView view) {
        awake().view = view;
    }

    /** From here to the next callback there is nothing to do: a million repos are in this state. */
    private void sleep() {
        Awake awake = awake();
        if (awake.failure == null && awake.replayed == null && awake.progress == null) {
            kept = work().packer().pack(awake.view);
        }
    }

    @Override
    public void replay(Event<RepoEvent> event) {
        Observation malformed = malformed(event);
        if (malformed != null) {
            replayed().malformed.add(malformed);
        }
        UUID moveDone = RepoRules.doneMove(view().repo(), event.body());
        if (moveDone != null) {
            replayed().movesDone.add(moveDone);
        }
        view(work().rules().fold(view(), event));
    }

    private Replayed replayed() {
        Replayed found = awake().replayed;
        if (found == null) {
            found = new Replayed();
            awake().replayed = found;
        }
        return found;
    }

    @Override
    public Mono<Step> quiesced() {
        Replayed found = awake().replayed;
        if (found != null) {
            found.malformed.forEach(work()::observe);
            found.movesDone.forEach(workflow -> context.chains().moveDone(key(), workflow));
            awake().replayed = null;
        }
        return proceed(progress(() -> work().rules().atQuiescence(view())));
    }

    @Override
    public Mono<Step> live(Event<RepoEvent> event) {
        if (!event.id().equals(view().repo().tail())) {
            fold(event);
        }
        return proceed(progress(() -> work().rules().onLive(view(), event)));
    }

    private void fold(Event<RepoEvent> event) {
        Observation malformed = malformed(event);
        if (malformed != null) {
            work().observe(malformed);
        }
        UUID moveDone = RepoRules.doneMove(view().repo(), event.body());
        if (moveDone != null) {
            context.chains().moveDone(key(), moveDone);
        }
        view(work().rules().fold(view(), event));
        if (event.body().getEvent() == RepoEvent.Type.EV_FSO_REPO_ERROR_CLEARED) {
            awake().failure = null;
        }
    }

    /** Goes on where a repeated callback has stopped, or starts with the actions for a new state. */
    private Progress progress(Supplier<List<Action>> actions) {
        Progress now = awake().progress;
        if (now == null || !now.tail.equals(view().repo().tail())) {
            now = new Progress(view().repo().tail(), actions.get());
            awake().progress = now;
        }
        return now;
    }

    private Mono<Step> proceed(Progress now) {
        if (now.next == now.actions.size()) {
            return finish(now.wrote);
        }
        Action action = now.actions.get(now.next);
        if (action.operation() != Operation.QUIT) {
            return work().workings().aside(work().waitingFor(action), Mono.defer(() -> carryOut(now, action)));
        }
        return now.leaving || work().rules().foreign(view().repo())
                ? Step.await(
                        work().waitingFor(action),
                        Mono.defer(() -> work().gone(view().repo()).then(Mono.defer(() -> quit(action)))))
                : quit(action);
    }

    /** Runs one action. The next one is a wait of its own, so that a stop in order does not begin it. */
    private Mono<Step> carryOut(Progress now, Action action) {
        started(action);
        return work().carryOut(scope, view().repo(), action)
                .doOnError(this::retried)
                .flatMap(outcome -> {
                    ended(action, outcome);
                    now.next = goesOn(action, outcome) ? now.next + 1 : now.actions.size();
                    now.wrote |= action.operation() != Operation.ENABLE || !outcome.succeeded();
                    now.leaving |= outcome.part() != null && work().leadsAway(outcome.part());
                    return proceed(now);
                });
    }

    /** Whether the next action of the list is due. A repo whose move was given up before it was let go stays with this link. */
    private static boolean goesOn(Action action, RepoWork.Outcome outcome) {
        boolean stays = action.operation() == Operation.RELEASE
                && outcome.part() != null
                && outcome.part().aborted();
        return outcome.succeeded() && !stays;
    }

    private void started(Action action) {
        if (action.operation() == Operation.DISABLE) {
            view(view().withEnabled(false));
        }
        State state = view().enabled() ? State.ENABLED : RepoWork.stateDuring(action);
        work().board().set(this, state, work().waitingFor(action), lastError());
    }

    private void retried(Throwable error) {
        work().board()
                .set(
                        this,
                        view().enabled() ? State.ENABLED : State.RETRYING,
                        "an operation failed and is tried again",
                        ErrorText.message(error));
    }

    private void ended(Action action, RepoWork.Outcome outcome) {
        if (action.operation() == Operation.ENABLE) {
            view(view().withEnabled(view().enabled() || outcome.succeeded()).withEnableOwed(!outcome.succeeded()));
        }
        awake().failure = outcome.failure();
    }

    private Mono<Step> finish(boolean wrote) {
        awake().progress = null;
        report();
        sleep();
        return wrote ? Step.next() : Step.rest();
    }

    private Mono<Step> quit(Action action) {
        context.chains().quits(key());
        work().observe(new Observation.ActionDone(repo(), Operation.QUIT, action.rule(), action.cause()));
        work().forget(repo());
        return Step.quit();
    }

    private void report() {
        RepoState repo = view().repo();
        if (view().enabled()) {
            set(State.ENABLED, "it takes requests");
        } else if (view().link() instanceof Link.Acquire acquire) {
            set(State.WAITING, "move " + acquire.workflow() + " is to bring it here");
        } else if (repo.moveShadowWorkflow() != null) {
            set(State.WAITING, "move " + repo.moveShadowWorkflow() + " of its shadow is under way");
        } else if (repo.hasError() || awake().failure != null) {
            set(State.ERROR, "an error is stored");
        } else if (repo.wantsShadow() && !repo.hasShadow()) {
            set(State.INITIALISING, "the shadow repo is made, its event is awaited");
        } else {
            set(State.WAITING, "its history asks for nothing yet");
        }
    }

    private void set(State state, String why) {
        work().board().set(this, state, why, lastError());
    }

    private @Nullable String lastError() {
        return view().repo().hasError() ? view().repo().error() : awake().failure;
    }

    private @Nullable Observation malformed(Event<RepoEvent> event) {
        String defect = RepoFold.defect(view().repo(), event.body());
        return defect == null
                ? null
                : new Observation.Malformed(repo(), event.id(), event.body().getEvent() + ": " + defect);
    }
}
