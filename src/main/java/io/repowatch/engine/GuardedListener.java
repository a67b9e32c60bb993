package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the exceptions of a foreign listener out of the engine: a failing metric must not stop an activity. */
final class GuardedListener implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final EngineListener target;

    GuardedListener(EngineListener target) {
        this.target = target;
    }

    @Override
    public void ready(StreamKey<?> key) {
        guard(key, () -> target.ready(key));
    }

    @Override
    public void run(StreamKey<?> key) {
        guard(key, () -> target.run(key));
    }

    @Override
    public void quiesced(StreamKey<?> key) {
        guard(key, () -> target.quiesced(key));
    }

    @Override
    public void handled(StreamKey<?> key, Vid event) {
        guard(key, () -> target.handled(key, event));
    }

    @Override
    public void slept(StreamKey<?> key) {
        guard(key, () -> target.slept(key));
    }

    @Override
    public void awaiting(StreamKey<?> key, String why) {
        guard(key, () -> target.awaiting(key, why));
    }

    @Override
    public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
        guard(key, () -> target.retry(key, error, delay, attempt));
    }

    @Override
    public void restarted(StreamKey<?> key, String why) {
        guard(key, () -> target.restarted(key, why));
    }

    @Override
    public void quit(StreamKey<?> key) {
        guard(key, () -> target.quit(key));
    }

    @Override
    public void stopped(StreamKey<?> key) {
        guard(key, () -> target.stopped(key));
    }

    private static void guard(StreamKey<?> key, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("the engine listener failed for {}", key, e);
        }
    }
}
