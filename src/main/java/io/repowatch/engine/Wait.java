package io.repowatch.engine;

import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** The wait of an activity for the outcome of a {@link Step.Await}: no read, no permit, no thread. */
final class Wait extends BaseSubscriber<Verdict> {
    private final Core core;
    private final Task<?> task;
    private final Call call;
    private Verdict verdict = Verdict.HALT;

    /** The outcome is subscribed; an orderly stop lets it finish. */
    private volatile boolean begun;

    Wait(Core core, Task<?> task, Call call) {
        this.core = core;
        this.task = task;
        this.call = call;
    }

    void start(Mono<Step> outcome) {
        Mono<Verdict> end = outcome
                // It often comes from inside the callback of another activity.
                .publishOn(core.callbacks)
                .defaultIfEmpty(Step.Next.INSTANCE)
                .map(step -> core.settle(task, call, step, true))
                .onErrorResume(e -> Mono.just(core.failed(task, call, e)));
        Mono.defer(() -> mayBegin() ? end : Mono.<Verdict>empty())
                .subscribeOn(core.callbacks)
                .subscribe(this);
    }

    /** Sets the mark before it looks whether the engine stops, as a stop looks at the mark after it was announced. */
    private boolean mayBegin() {
        begun = true;
        begun = core.mayBegin(task);
        return begun;
    }

    /** What a wait has to give back at its end. */
    private static void noPermit() {}

    boolean isBegun() {
        return begun;
    }

    @Override
    protected void hookOnNext(Verdict value) {
        verdict = value;
    }

    @Override
    protected void hookFinally(SignalType type) {
        if (type != SignalType.CANCEL) {
            core.finish(task, verdict == Verdict.GO_ON ? Verdict.AGAIN : verdict, Wait::noPermit);
        }
    }
}
