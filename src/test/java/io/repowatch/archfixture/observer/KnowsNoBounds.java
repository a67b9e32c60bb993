package io.repowatch.archfixture.observer;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class KnowsNoBounds {
    static Object groups(Flux<String> flux) {
        return flux.groupBy(String::length);
    }

    static Flux<String> flatMap(Flux<String> flux) {
        return flux.flatMap(Mono::just);
    }

    static Flux<String> sequential(Flux<String> flux) {
        return flux.flatMapSequential(Mono::just);
    }

    static Flux<String> bounded(Flux<String> flux) {
        return flux.flatMap(Mono::just, 10);
    }

    static Mono<String> single(Mono<String> mono) {
        return mono.flatMap(Mono::just);
    }
}
