package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the exceptions of a foreign listener out of the engine: a failing metric must not stop an activity. Without lambdas, as
 * each event passes here a few times.
 */
final class GuardedListener implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final EngineListener target;

    GuardedListener(EngineListener target) {
        this.target = target;
    }

    @Override
    public void ready(StreamKey<?> key) {
        try {
            target.ready(key);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void run(StreamKey<?> key) {
        try {
            target.run(key);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void quiesced(StreamKey<?> key) {
        try {
            target.quiesced(key);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void handled(StreamKey<?> key, Vid event) {
        try {
            target.handled(key, event);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void slept(StreamKey<?> key) {
        try {
            target.slept(key);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void awaiting(StreamKey<?> key, String why) {
        try {
            target.awaiting(key, why);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
        try {
            target.retry(key, error, delay, attempt);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void restarted(StreamKey<?> key, String why) {
        try {
            target.restarted(key, why);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void quit(StreamKey<?> key) {
        try {
            target.quit(key);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    @Override
    public void stopped(StreamKey<?> key) {
        try {
            target.stopped(key);
        } catch (RuntimeException e) {
            failed(key, e);
        }
    }

    private static void failed(StreamKey<?> key, RuntimeException error) {
        LOG.error("the engine listener failed for {}", key, error);
    }
}
