package io.repowatch.registry;

import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A client that asks for one message, and for more when the test says so. */
final class SlowClient<T> extends BaseSubscriber<T> {
    final List<T> messages = new ArrayList<>();

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(1);
    }

    @Override
    protected void hookOnNext(T message) {
        messages.add(message);
    }
}
