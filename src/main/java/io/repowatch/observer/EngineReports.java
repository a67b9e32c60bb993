package io.repowatch.observer;

import io.repowatch.engine.EngineListener;
import io.repowatch.engine.StreamKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the engine reports into observations and states, and passes it on. */
final class EngineReports implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(EngineReports.class);

    private final InstantSource clock;
    private final StatusBoard board;
    private final Observations observations;
    private final EngineListener next;

    EngineReports(InstantSource clock, StatusBoard board, Observations observations, EngineListener next) {
        this.clock = clock;
        this.board = board;
        this.observations = observations;
        this.next = next;
    }

    @Override
    public void ready(StreamKey<?> key) {
        next.ready(key);
    }

    @Override
    public void run(StreamKey<?> key) {
        next.run(key);
    }

    @Override
    public void quiesced(StreamKey<?> key) {
        if (key instanceof RepoKey repo) {
            observations.add(new Observation.Quiesced(repo.repo()));
        }
        next.quiesced(key);
    }

    @Override
    public void slept(StreamKey<?> key) {
        if (key instanceof RepoKey repo) {
            board.recovered(repo.repo());
        }
        next.slept(key);
    }

    @Override
    public void awaiting(StreamKey<?> key, String why) {
        next.awaiting(key, why);
    }

    @Override
    public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
        // The first failure says all there is to say; repeating it with every attempt would only hide other lines.
        if (attempt == 1) {
            LOG.warn("{} failed, is retried until it succeeds: {}", key, error.toString());
        } else {
            LOG.debug("{} failed, attempt {}", key, attempt, error);
        }
        Instant at = clock.instant().plus(delay);
        if (key instanceof RepoKey repo) {
            board.retryAt(repo.repo(), at, ErrorText.message(error));
        }
        observations.add(new Observation.Retrying(key.entity(), ErrorText.message(error), at));
        next.retry(key, error, delay, attempt);
    }

    @Override
    public void restarted(StreamKey<?> key, String why) {
        LOG.info("{} is read again from its first event: {}", key, why);
        next.restarted(key, why);
    }

    @Override
    public void quit(StreamKey<?> key) {
        next.quit(key);
    }

    @Override
    public void stopped(StreamKey<?> key) {
        next.stopped(key);
    }
}
