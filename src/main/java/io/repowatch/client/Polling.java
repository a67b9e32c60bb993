package io.repowatch.client;

import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The wake-ups of a server without signals: {@link Wakeup.All}, and again when the pass that it caused is over and the poll
 * interval has gone by.
 *
 * <p>Nobody tells when a pass is over, but its reads go through this client. A pass is over when no stream has been read
 * for the first time in it for one poll interval. Later reads of the same stream do not count, so a stream that fails and is
 * read again and again delays no other, and neither does a read that hangs.
 */
final class Polling {
    private final ClientConfig config;
    private volatile @Nullable Pass current;

    Polling(ClientConfig config) {
        this.config = config;
    }

    /** A read begins. */
    void reading(StreamKey<?> stream) {
        Pass pass = current;
        if (pass != null) {
            pass.reading(stream);
        }
    }

    /** Emits {@link Wakeup.All} at once and after each pass; completes after the longest back-off, to try signals again. */
    Flux<Wakeup> wakeups() {
        return Flux.defer(() -> {
            long start = Timing.nanos(config.timer());
            long limit = config.maxBackoff().toNanos();
            return Flux.defer(this::pass)
                    .repeat(() -> Timing.nanos(config.timer()) - start < limit)
                    .doFinally(end -> current = null);
        });
    }

    private Flux<Wakeup> pass() {
        Pass pass = new Pass();
        current = pass;
        return Flux.concat(
                Mono.just(Wakeup.ALL),
                Timing.untilNothingIsLeft(pass::left, config.timer()).cast(Wakeup.class));
    }

    private final class Pass {
        private final Set<StreamKey<?>> seen = ConcurrentHashMap.newKeySet();
        private volatile long lastNews = Timing.nanos(config.timer());

        private void reading(StreamKey<?> stream) {
            if (seen.add(stream)) {
                lastNews = Timing.nanos(config.timer());
            }
        }

        private long left() {
            return config.pollInterval().toNanos() - (Timing.nanos(config.timer()) - lastNews);
        }
    }
}
