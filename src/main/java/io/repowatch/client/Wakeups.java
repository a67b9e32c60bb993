package io.repowatch.client;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.repowatch.engine.Wakeup;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Keeps a signal subscription up: subscribes again after every end, and polls where the server has no signals. */
class Wakeups {
    private static final Logger LOG = LoggerFactory.getLogger(Wakeups.class);

    private static final Status ENDED = Status.UNAVAILABLE.withDescription("the server ended the signal stream");

    private final Channel channel;
    private final ClientConfig config;
    private final Supplier<Flux<Wakeup>> signals;
    private final Polling polling;

    /** Makes the wake-ups of a source; a test makes others. */
    @FunctionalInterface
    interface Maker {
        Wakeups make(Channel channel, ClientConfig config, Polling polling, Supplier<Flux<Wakeup>> signals);
    }

    /** @param signals makes one call that tells of changes; asked again for each attempt */
    Wakeups(Channel channel, ClientConfig config, Polling polling, Supplier<Flux<Wakeup>> signals) {
        this.channel = channel;
        this.config = config;
        this.signals = signals;
        this.polling = polling;
    }

    /** Cold, endless, without errors; cancelling ends the call and every timer. */
    Flux<Wakeup> stream() {
        return Flux.defer(() -> {
            Backoff backoff = new Backoff(config.firstBackoff(), config.maxBackoff(), config.random());
            return attempt(backoff).repeat();
        });
    }

    /** One subscription and the pause after it. */
    Flux<Wakeup> attempt(Backoff backoff) {
        return Flux.defer(() -> {
            if (channel instanceof ManagedChannel managed) {
                // The channel's own back-off between connections would add up to two minutes to ours.
                managed.resetConnectBackoff();
            }
            long start = Timing.nanos(config.timer());
            return signals.get()
                    .concatWith(Mono.error(ENDED::asRuntimeException))
                    .onErrorResume(error -> after(error, start, backoff));
        });
    }

    private Flux<Wakeup> after(Throwable error, long start, Backoff backoff) {
        if (RpcFailures.isUnimplemented(error)) {
            LOG.debug("the server has no signals; looking at everything every {}", config.pollInterval());
            return polling.wakeups();
        }
        boolean sound = Timing.nanos(config.timer()) - start >= config.maxBackoff().toNanos();
        Duration pause = sound ? backoff.soon() : backoff.next();
        LOG.warn("no signals ({}); next attempt in {} ms", RpcFailures.describe(error), pause.toMillis());
        return Mono.delay(pause, config.timer()).then(Mono.<Wakeup>empty()).flux();
    }
}
