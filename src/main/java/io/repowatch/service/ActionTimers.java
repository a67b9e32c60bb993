package io.repowatch.service;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** How long actions take, by action and result. */
record ActionTimers(MeterRegistry registry) {

    <T> Mono<T> timed(String action, Mono<T> work) {
        return Mono.defer(() -> {
            Timer.Sample sample = Timer.start(registry);
            return work.doFinally(signal -> sample.stop(timer(action, result(signal))));
        });
    }

    private Timer timer(String action, String result) {
        return Timer.builder("repowatch.actions")
                .description("What was done to repos, and how long it took.")
                .tag("action", action)
                .tag("result", result)
                .register(registry);
    }

    private static String result(SignalType signal) {
        return switch (signal) {
            case ON_ERROR -> "failed";
            case CANCEL -> "cancelled";
            default -> "done";
        };
    }
}
