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

    /**
     * Completes when the repo is enabled: at once if it is. Fails with {@link RepoGoneException} when the repo has left this
     * host for good. Waits without holding a thread; by default an error, as for {@link #freeze}.
     */
    default Mono<Void> enabled(UUID repo) {
        return unsupported();
    }

    /** The repo has left this host for good: whoever waits in {@link #enabled} fails. By default nothing. */
    default Mono<Void> gone(UUID repo) {
        return Mono.empty();
    }

    /**
     * Makes the data of an enabled repo immutable, then records it in the shadow in the name of the requester. A repetition
     * with the same workflow goes on where it stopped. A failure leaves what {@link #undoFreeze} undoes. A GitLab push that
     * fails is not a failure of the freeze. By default an error: this processor freezes nothing.
     */
    default Mono<Void> freeze(FreezeRequest request) {
        return unsupported();
    }

    /** Makes the data of a frozen repo changeable as it was before, then records it in the shadow, as {@link #freeze} does. */
    default Mono<Void> unfreeze(FreezeRequest request) {
        return unsupported();
    }

    /** Gives the data back every attribute that an unfinished {@link #freeze} of this workflow took; idempotent. */
    default Mono<Void> undoFreeze(FreezeRequest request) {
        return unsupported();
    }

    private static Mono<Void> unsupported() {
        return Mono.error(() -> new UnsupportedOperationException("this processor cannot freeze repos"));
    }
}
