package io.repowatch.engine;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How far the end of an engine has come; each of its three signals is given once. Thread-safe. */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final AtomicReference<@Nullable Throwable> cause = new AtomicReference<>();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    // The winner of each mark above emits, so the sinks need no serialisation of their own.
    private final Sinks.Empty<Void> begun = Sinks.unsafe().empty();
    private final Sinks.Empty<Void> failed = Sinks.unsafe().empty();
    private final Sinks.Empty<Void> done = Sinks.unsafe().empty();

    /** Announces the stop; true for the first caller, whose cause, or a cancellation, is what the activities hear. */
    boolean begin(@Nullable Throwable why) {
        return cause.compareAndSet(null, why != null ? why : new CancellationException("the engine was stopped"));
    }

    boolean isBegun() {
        return cause.get() != null;
    }

    /** Why; null before {@link #begin}. */
    @Nullable
    Throwable cause() {
        return cause.get();
    }

    /** Ends the signal stream and the sweep. */
    void closeSources() {
        begun.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    void finish() {
        if (over.compareAndSet(false, true)) {
            done.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** An error that must not pass unnoticed: serving fails with the first one, and all are logged. */
    void fail(Throwable error) {
        LOG.error("the engine ends", error);
        if (broken.compareAndSet(false, true)) {
            failed.emitError(error, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    Mono<Void> begun() {
        return begun.asMono();
    }

    Mono<Void> failed() {
        return failed.asMono();
    }

    Mono<Void> done() {
        return done.asMono();
    }
}
