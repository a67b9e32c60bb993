package io.repowatch.archfixture.service;

import reactor.core.publisher.Mono;

final class NotMain {
    static Object blocks() {
        return Mono.just(1).block();
    }
}
