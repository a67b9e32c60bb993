package io.repowatch.client;

import io.grpc.Channel;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.Wakeup;
import reactor.core.publisher.Flux;

/** Clients with one method that is wrong, for the simulation to find. */
public final class ClientBugs {
    private ClientBugs() {}

    /** Only the first subscription makes the observer look at everything. */
    public static EventSource emitsNoAllAfterAReconnect(Channel channel, ClientConfig config) {
        return new GrpcEventSource(
                channel, config, (c, settings, polling, signals) -> new Wakeups(c, settings, polling, signals) {
                    private boolean connected;

                    @Override
                    Flux<Wakeup> attempt(Backoff backoff) {
                        Flux<Wakeup> again =
                                super.attempt(backoff).filter(wakeup -> !(connected && wakeup == Wakeup.ALL));
                        return again.doOnTerminate(() -> connected = true);
                    }
                });
    }
}
