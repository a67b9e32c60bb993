package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A client of the signal stream that asks for one message, and for more when the test says so. */
final class SlowClient extends BaseSubscriber<AggregateSignalsO> {
    final List<AggregateSignalsO> messages = new ArrayList<>();

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(1);
    }

    @Override
    protected void hookOnNext(AggregateSignalsO message) {
        messages.add(message);
    }

    Set<ByteString> ids() {
        Set<ByteString> ids = new HashSet<>();
        messages.forEach(message -> message.getSignalsList().forEach(signal -> ids.add(signal.getEntityId())));
        return ids;
    }
}
