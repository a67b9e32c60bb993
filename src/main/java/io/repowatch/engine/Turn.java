package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One turn of an activity: from the permit to its return. Opens one read, hands its events over one by one, calls
 * {@link Activity#quiesced} or {@link Activity#caughtUp} where it is due, and ends with a {@link Verdict}; at that moment
 * the read is closed. Everything but the cancellation happens on the Scheduler of the callbacks.
 */
final class Turn<E> extends BaseSubscriber<Verdict> {
    /** How many events of an open read may be on the way. */
    private static final int PREFETCH = 16;

    private final Core core;
    private final Task<E> task;
    private final MonoSink<Void> permit;

    private Verdict verdict = Verdict.SLEEP;
    private boolean skipping;
    private @Nullable Activity<E> activity;

    /** A callback is under way; an orderly stop lets it finish. */
    private volatile boolean busy;

    private Turn(Core core, Task<E> task, MonoSink<Void> permit) {
        this.core = core;
        this.task = task;
        this.permit = permit;
    }

    /** Runs a task that has been moved to {@link Task#RUNNING}; completes when the permit is free again. */
    static <E> Mono<Void> of(Core core, Task<E> task) {
        return Mono.create(permit -> {
            Turn<E> turn = new Turn<>(core, task, permit);
            permit.onCancel(turn);
            if (task.hold(turn)) {
                turn.verdicts().subscribe(turn);
            }
        });
    }

    private Mono<Verdict> verdicts() {
        return Flux.defer(this::open)
                .publishOn(core.callbacks, true, PREFETCH)
                // Not concatMap: that cancels the callback that is under way when the read fails.
                .concatMapDelayError(this::handle, false, 1)
                .next()
                .switchIfEmpty(Mono.defer(this::quiet))
                .subscribeOn(core.callbacks);
    }

    private Flux<Event<E>> open() {
        if (mayNotBegin()) {
            return Flux.empty();
        }
        core.listener.run(task.key);
        activity = task.activity();
        return core.source().read(task.key, task.tail());
    }

    private Mono<Verdict> handle(Event<E> event) {
        if (!follows(event)) {
            return Mono.empty();
        }
        return core.isHistory(task)
                ? replay(event)
                : call(Call.live(event.id()), () -> activity().live(event));
    }

    private Activity<E> activity() {
        if (activity == null) {
            throw new IllegalStateException("no instance for " + task);
        }
        return activity;
    }

    /** Whether the event is the next one. If not, it has been delivered before, or there is a gap: the end of the read tells. */
    private boolean follows(Event<E> event) {
        Vid tail = task.tail();
        boolean isTail = event.id().equals(tail);
        if (skipping || isTail) {
            skipping = !isTail;
            return false;
        }
        skipping = !tail.isEpoch() && event.parent() != null && !event.parent().equals(tail);
        return !skipping;
    }

    private Mono<Verdict> replay(Event<E> event) {
        if (mayNotBegin()) {
            return Mono.just(Verdict.HALT);
        }
        try {
            activity().replay(event);
        } catch (Throwable e) {
            return Mono.just(new Verdict.Failed(e, true));
        }
        task.tail(event.id());
        return Mono.empty();
    }

    private Mono<Verdict> quiet() {
        if (mayNotBegin()) {
            return Mono.just(Verdict.HALT);
        }
        if (skipping) {
            return Mono.just(new Verdict.Gap("the stream has events after " + task.tail() + " that do not follow it"));
        }
        if (!task.isQuiesced()) {
            return call(Call.QUIESCED, activity()::quiesced);
        }
        if (task.owesCaughtUp()) {
            return call(Call.CAUGHT_UP, activity()::caughtUp);
        }
        return Mono.empty();
    }

    /** Makes a callback; empty if the turn goes on after it. */
    private Mono<Verdict> call(Call call, Supplier<Mono<Step>> callback) {
        busy = true;
        if (mayNotBegin()) {
            busy = false;
            return Mono.just(Verdict.HALT);
        }
        return Mono.defer(callback)
                // Where the callback ends is its own business; what follows must not run inside another's callback.
                .publishOn(core.callbacks)
                .defaultIfEmpty(Step.Next.INSTANCE)
                .map(step -> core.settle(task, call, step, false))
                .onErrorResume(e -> Mono.just(core.failed(task, call, e)))
                .filter(this::isFinal);
    }

    private boolean isFinal(Verdict verdict) {
        if (verdict != Verdict.GO_ON) {
            return true;
        }
        busy = false;
        return false;
    }

    /** Looked at after {@link #busy} is set, as a stop looks at that after it has been announced. */
    private boolean mayNotBegin() {
        return !core.mayBegin(task);
    }

    boolean isBusy() {
        return busy;
    }

    @Override
    protected void hookOnNext(Verdict value) {
        verdict = value;
    }

    @Override
    protected void hookOnComplete() {
        core.finish(task, verdict, permit::success);
    }

    @Override
    protected void hookOnError(Throwable error) {
        boolean restart =
                error instanceof PositionUnknownException && !task.tail().isEpoch();
        core.finish(task, new Verdict.Failed(error, restart), permit::success);
    }

    /** Closes the read and cancels the callback, then returns the permit; also before the turn has a subscription. */
    @Override
    public void dispose() {
        super.dispose();
        permit.success();
    }
}
