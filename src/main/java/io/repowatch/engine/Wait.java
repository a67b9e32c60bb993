package io.repowatch.engine;

import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** The wait of an activity for the outcome of a {@link Step.Await}: no read, no permit, no thread. */
final class Wait extends BaseSubscriber<Verdict> {
    private final Core core;
    private final Task<?> task;
    private final Call call;
    private Verdict verdict = Verdict.AGAIN;

    Wait(Core core, Task<?> task, Call call) {
        this.core = core;
        this.task = task;
        this.call = call;
    }

    void start(Mono<Step> outcome) {
        Mono.defer(() -> core.stopping() || task.ended() ? Mono.<Step>never() : outcome)
                .subscribeOn(core.callbacks)
                // An outcome often ends inside the callback of another activity.
                .publishOn(core.callbacks)
                .defaultIfEmpty(Step.Next.INSTANCE)
                .map(step -> core.settle(task, call, step, true))
                .onErrorResume(e -> Mono.just(new Verdict.Failed(e, false)))
                .subscribe(this);
    }

    @Override
    protected void hookOnNext(Verdict value) {
        verdict = value;
    }

    @Override
    protected void hookFinally(SignalType type) {
        if (type != SignalType.CANCEL) {
            core.finish(task, verdict == Verdict.GO_ON ? Verdict.AGAIN : verdict, () -> {});
        }
    }
}
