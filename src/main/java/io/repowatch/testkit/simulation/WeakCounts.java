package io.repowatch.testkit.simulation;

import io.repowatch.observer.WeakError;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Counts the weak failures of each operation since it last succeeded, as the observer should. */
final class WeakCounts {
    private final Map<String, Integer> counts = new HashMap<>();

    <T> Mono<T> counted(UUID repo, String what, Mono<T> operation) {
        return operation
                .doOnError(WeakError.class, error -> failed(repo, what))
                .doOnSuccess(done -> counts.remove(repo + what));
    }

    void failed(UUID repo, String what) {
        counts.merge(repo + what, 1, Integer::sum);
    }

    int count(UUID repo, String what) {
        return counts.getOrDefault(repo + what, 0);
    }
}
