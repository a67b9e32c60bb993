package io.repowatch.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Outcomes of publishers that end while they are subscribed, as those of a journal in memory do. */
final class Sync {
    private Sync() {}

    /** How it failed; null if it succeeded. */
    static @Nullable Throwable error(Mono<?> mono) {
        List<Throwable> errors = new ArrayList<>(1);
        boolean[] done = {false};
        Disposable ended = mono.subscribe(value -> {}, errors::add, () -> done[0] = true);
        requireEnd(ended, done[0] || !errors.isEmpty());
        return errors.isEmpty() ? null : errors.get(0);
    }

    /** What it emits; whoever catches an error gets it as it was. */
    static <T> List<T> list(Flux<T> flux) throws Throwable {
        List<T> values = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>(1);
        boolean[] done = {false};
        Disposable ended = flux.subscribe(values::add, errors::add, () -> done[0] = true);
        requireEnd(ended, done[0] || !errors.isEmpty());
        if (!errors.isEmpty()) {
            throw errors.get(0);
        }
        return values;
    }

    private static void requireEnd(Disposable subscription, boolean ended) {
        if (!ended) {
            subscription.dispose();
            throw new IllegalStateException("not a publisher that ends at once");
        }
    }
}
