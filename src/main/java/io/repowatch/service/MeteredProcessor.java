package io.repowatch.service;

import io.repowatch.observer.FreezeRequest;
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

    // A wait for somebody else, not work.
    @Override
    public Mono<Void> enabled(UUID repo) {
        return processor.enabled(repo);
    }

    @Override
    public Mono<Void> gone(UUID repo) {
        return processor.gone(repo);
    }

    @Override
    public Mono<Void> freeze(FreezeRequest request) {
        return timers.timed("freeze", processor.freeze(request));
    }

    @Override
    public Mono<Void> unfreeze(FreezeRequest request) {
        return timers.timed("unfreeze", processor.unfreeze(request));
    }

    @Override
    public Mono<Void> undoFreeze(FreezeRequest request) {
        return timers.timed("undo-freeze", processor.undoFreeze(request));
    }
}
