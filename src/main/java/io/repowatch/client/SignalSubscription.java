package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsI.AggregateSelector;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.ReactorLiveBroadcastGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One call of the registry's signal stream, from its start to its end. */
final class SignalSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(SignalSubscription.class);

    private static final AggregateSignalsI REQUEST = AggregateSignalsI.newBuilder()
            .addSelectAggregates(AggregateSelector.AS_REGISTRY)
            .addSelectAggregates(AggregateSelector.AS_REPO)
            .addSelectAggregates(AggregateSelector.AS_WORKFLOW)
            .addSelectAggregates(AggregateSelector.AS_EPHEMERAL_WORKFLOW)
            .build();

    private final Channel channel;
    private final ClientConfig config;

    SignalSubscription(Channel channel, ClientConfig config) {
        this.channel = channel;
        this.config = config;
    }

    /**
     * Cold; every subscription is a new call. Emits {@link Wakeup.All} when the server confirms, or when it has not done so in
     * time and once more when it does after all; then a wake-up for each signal. Ends as the call ends, and fails with a
     * {@link TimeoutException} where there is no connection in time.
     */
    Flux<Wakeup> open() {
        return Flux.defer(() -> {
            Confirmation confirmation = new Confirmation();
            Mono<Wakeup> confirmed = confirmation.sign().map(sign -> Wakeup.ALL);
            // A foreign registry sends nothing, not even headers, before its first signal.
            Mono<Wakeup> unconfirmed = connected(confirmation)
                    .then(Mono.delay(config.confirmTimeout(), config.timer()))
                    .takeUntilOther(confirmation.sign())
                    .map(tick -> Wakeup.ALL);
            Flux<Wakeup> signals = messages(confirmation)
                    .doFinally(end -> confirmation.giveUp())
                    .concatMapIterable(SignalSubscription::wakeups, 1);
            return Flux.merge(confirmed, unconfirmed, signals);
        });
    }

    private Mono<Void> connected(Confirmation confirmation) {
        Duration limit = config.connectTimeout();
        return confirmation
                .sent()
                .timeout(limit, config.timer())
                .onErrorMap(
                        TimeoutException.class,
                        error -> new TimeoutException("no connection within " + limit.toMillis() + " ms"));
    }

    private Flux<AggregateSignalsO> messages(Confirmation confirmation) {
        // A channel that has just lost its connection fails calls at once, also while it is about to get a new one.
        return Prefetch.of(
                        ReactorLiveBroadcastGrpc.newReactorStub(ClientInterceptors.intercept(channel, confirmation)),
                        config)
                .withWaitForReady()
                .aggregateSignals(REQUEST);
    }

    private static List<Wakeup> wakeups(AggregateSignalsO message) {
        List<Wakeup> wakeups = new ArrayList<>(message.getSignalsCount());
        for (AggregateSignal signal : message.getSignalsList()) {
            ByteString entity = signal.getEntityId();
            if (entity.size() == EntityIds.BYTES) {
                wakeups.add(Wakeup.of(EntityIds.of(entity.toByteArray())));
            }
        }
        int malformed = message.getSignalsCount() - wakeups.size();
        if (malformed > 0) {
            LOG.warn(
                    "skipped {} of {} signals: their entity ids have not {} bytes",
                    malformed,
                    message.getSignalsCount(),
                    EntityIds.BYTES);
        }
        return wakeups;
    }
}
