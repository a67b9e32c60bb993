package io.repowatch.archfixture.observer;

import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class Blocks {
    static Object mono(Mono<String> mono) {
        return mono.block();
    }

    static Object flux(Flux<String> flux) {
        return flux.blockLast();
    }

    static Stream<String> stream(Flux<String> flux) {
        return flux.toStream();
    }
}
