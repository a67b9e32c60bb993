package io.repowatch.archfixture.service;

import java.time.Instant;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

final class Main {
    static Object blocks() {
        System.out.println(Instant.now());
        return Mono.just(1).subscribeOn(Schedulers.parallel()).block();
    }
}
