package io.repowatch.observer;

import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Port: the table of enabled repos, which take requests. Operations are cold and idempotent; both wait for whatever holds the
 * repo's lock, without holding a thread. Errors are classified as for {@link Initializer}.
 */
public interface Processor {

    /** Enables the repo, or replaces what is known of it; completes when requests see it. */
    Mono<Void> enable(RepoInfo info);

    /** Disables the repo; completes when no operation on it runs any more. An unknown repo is fine. */
    Mono<Void> disable(UUID repo);
}
