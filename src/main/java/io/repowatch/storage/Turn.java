package io.repowatch.storage;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.SignalType;
import reactor.util.context.Context;

/** One operation that wants a repo's lock. The lock is freed before the result is passed on. */
final class Turn<T> extends BaseSubscriber<T> {
    private enum Phase {
        WAITING,
        STARTED,
        CANCELLED,
        ENDED
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    private final Supplier<Mono<T>> work;
    private final MonoSink<T> sink;
    private final Hold hold;
    private @Nullable T value;
    private @Nullable Throwable error;

    Turn(Supplier<Mono<T>> work, MonoSink<T> sink, Runnable release) {
        this.work = work;
        this.sink = sink;
        this.hold = new Hold(release);
    }

    /** The lock is ours. */
    void start() {
        if (!phase.compareAndSet(Phase.WAITING, Phase.STARTED)) {
            hold.exit();
            return;
        }
        Mono<T> started;
        try {
            started = work.get();
        } catch (RuntimeException e) {
            started = Mono.error(e);
        }
        started.subscribe(this);
        if (isDisposed()) {
            // Cancelled before the work had subscribed: no hook tells of that.
            end();
        }
    }

    private void end() {
        if (phase.getAndSet(Phase.ENDED) != Phase.ENDED) {
            hold.exit();
        }
    }

    /** Whether the turn had not started; then it never will, and holds nothing. */
    boolean abandon() {
        boolean waited = phase.compareAndSet(Phase.WAITING, Phase.CANCELLED);
        if (!waited) {
            cancel();
        }
        return waited;
    }

    @Override
    public Context currentContext() {
        return Context.of(sink.contextView()).put(Hold.class, hold);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    protected void hookOnNext(T result) {
        value = result;
    }

    @Override
    protected void hookOnError(Throwable failure) {
        error = failure;
    }

    @Override
    protected void hookFinally(SignalType type) {
        end();
        if (error != null) {
            sink.error(error);
        } else {
            sink.success(value);
        }
    }
}
