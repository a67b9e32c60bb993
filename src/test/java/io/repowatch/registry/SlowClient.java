package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** The entities that signals have named. */
    static Set<ByteString> ids(SlowClient<AggregateSignalsO> client) {
        return client.messages.stream()
                .flatMap(message -> message.getSignalsList().stream())
                .map(AggregateSignal::getEntityId)
                .collect(Collectors.toSet());
    }
}
