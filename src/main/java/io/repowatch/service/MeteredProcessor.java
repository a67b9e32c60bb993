package io.repowatch.service;

import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoInfo;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Times the operations of a processor. */
record MeteredProcessor(Processor processor, ActionTimers timers) implements Processor {

    @Override
    public Mono<Void> enable(RepoInfo info) {
        return timers.timed("enable", processor.enable(info));
    }

    @Override
    public Mono<Void> disable(UUID repo) {
        return timers.timed("disable", processor.disable(repo));
    }
}
