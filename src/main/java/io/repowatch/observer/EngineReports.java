package io.repowatch.observer;

import io.repowatch.engine.EngineListener;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the engine reports into observations and states, and passes it on. */
final class EngineReports implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(EngineReports.class);

    /** The number of attempts after which a failure is worth a line; with the default back-off, after about 15 s. */
    private static final int LASTING = 5;

    private final InstantSource clock;
    private final StatusBoard board;
    private final WorkflowBoard workflows;
    private final Observations observations;
    private final EngineListener next;

    EngineReports(
            InstantSource clock,
            StatusBoard board,
            WorkflowBoard workflows,
            Observations observations,
            EngineListener next) {
        this.clock = clock;
        this.board = board;
        this.workflows = workflows;
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
    public void handled(StreamKey<?> key, Vid event) {
        next.handled(key, event);
    }

    @Override
    public void slept(StreamKey<?> key) {
        if (key instanceof RepoKey repo) {
            board.recovered(repo.repo());
        } else if (key instanceof WorkflowKey workflow) {
            workflows.recovered(workflow);
        }
        next.slept(key);
    }

    @Override
    public void awaiting(StreamKey<?> key, String why) {
        next.awaiting(key, why);
    }

    @Override
    public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
        log(key, error, attempt);
        Instant at = clock.instant().plus(delay);
        if (key instanceof RepoKey repo) {
            board.retryAt(repo.repo(), at, ErrorText.message(error));
        } else if (key instanceof WorkflowKey workflow) {
            workflows.retryAt(workflow, at, ErrorText.message(error));
        }
        observations.add(new Observation.Retrying(key.entity(), ErrorText.message(error), at));
        next.retry(key, error, delay, attempt);
    }

    /** One line when a failure lasts, so that neither a short outage nor a long one fills the log with a line per repo and retry. */
    private static void log(StreamKey<?> key, Throwable error, int attempt) {
        if (attempt == LASTING) {
            LOG.warn("{} has failed {} times, is retried until it succeeds: {}", key, attempt, error.toString());
        } else {
            LOG.debug("{} failed, attempt {}", key, attempt, error);
        }
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
