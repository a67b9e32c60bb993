package io.repowatch.engine;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** An activity that was started by {@link ActivityEngine#run}; it is the Subscription of that Mono itself. */
class RootTask<E> extends Task<E> implements Subscription {
    private final Core core;
    private final ActivityFactory<E> factory;
    private final CoreSubscriber<? super Void> subscriber;

    RootTask(Core core, StreamKey<E> key, ActivityFactory<E> factory, CoreSubscriber<? super Void> subscriber) {
        super(key);
        this.core = core;
        this.factory = factory;
        this.subscriber = subscriber;
    }

    @Override
    ActivityFactory<E> factory() {
        return factory;
    }

    @Override
    Core core() {
        return core;
    }

    @Override
    boolean exclusive() {
        return true;
    }

    @Override
    void complete() {
        subscriber.onComplete();
    }

    @Override
    void fail(Throwable reason) {
        subscriber.onError(reason);
    }

    @Override
    @Nullable
    Children heir() {
        return null;
    }

    @Override
    public void request(long n) {
        // Completion is the only signal, and it needs no demand.
    }

    @Override
    public void cancel() {
        core.stop(this, null);
    }
}
