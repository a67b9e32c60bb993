package io.repowatch.client;

import io.grpc.Channel;
import io.repowatch.engine.Event;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** Reads over one call at a time, which is made when it is first needed and again after it has ended. Thread-safe. */
final class FeedReads {
    /** Messages of this client's other streams hold about so many events. */
    private static final int EVENTS_PER_MESSAGE = 8;

    private final Channel channel;
    private final ClientConfig config;
    private @Nullable FeedCall current;

    FeedReads(Channel channel, ClientConfig config) {
        this.channel = channel;
        this.config = config;
    }

    <E> Flux<Event<E>> read(StreamKey<E> key, Vid after) {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Event<E>> subscriber) {
                open(subscriber, key, after);
            }
        };
    }

    private <E> void open(CoreSubscriber<? super Event<E>> subscriber, StreamKey<E> key, Vid after) {
        FeedCall call;
        try {
            FeedStreams.named(key);
            call = call();
        } catch (RuntimeException e) {
            Operators.error(subscriber, e);
            return;
        }
        FeedRead<E> read = new FeedRead<>(subscriber, key, after, call, config.prefetch() * EVENTS_PER_MESSAGE);
        subscriber.onSubscribe(read);
        call.open(read);
    }

    private synchronized FeedCall call() {
        FeedCall call = current;
        if (call == null || call.isEnded()) {
            call = new FeedCall(channel, config);
            current = call;
            call.start();
        }
        return call;
    }
}
