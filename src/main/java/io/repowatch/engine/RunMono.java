package io.repowatch.engine;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Starts an activity at each subscription; a class of its own because its Task is its Subscription. */
final class RunMono<E> extends Mono<Void> {
    private final Core core;
    private final StreamKey<E> key;
    private final ActivityFactory<E> factory;

    RunMono(Core core, StreamKey<E> key, ActivityFactory<E> factory) {
        this.core = core;
        this.key = key;
        this.factory = factory;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        RootTask<E> task = new RootTask<>(core, key, factory, actual);
        actual.onSubscribe(task);
        core.start(task);
    }
}
