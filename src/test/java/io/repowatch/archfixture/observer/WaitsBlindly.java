package io.repowatch.archfixture.observer;

import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

final class WaitsBlindly {
    private static final Duration SECOND = Duration.ofSeconds(1);

    static Mono<Long> delay() {
        return Mono.delay(SECOND);
    }

    static Flux<Long> interval() {
        return Flux.interval(SECOND);
    }

    static Mono<String> timeout(Mono<String> mono) {
        return mono.timeout(SECOND);
    }

    static Object elapsed(Flux<String> flux) {
        return flux.elapsed();
    }

    static Retry backoff() {
        return Retry.backoff(1, SECOND);
    }

    static Mono<String> seeing(Mono<String> mono, Scheduler timer) {
        return Mono.delay(SECOND, timer).then(mono.timeout(SECOND, timer));
    }
}
