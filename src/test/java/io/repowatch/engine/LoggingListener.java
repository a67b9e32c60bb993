package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.time.Duration;
import java.util.List;

/** Writes down what it hears, without the keys. */
final class LoggingListener implements EngineListener {
    private final List<String> log;

    LoggingListener(List<String> log) {
        this.log = log;
    }

    @Override
    public void ready(StreamKey<?> key) {
        log.add("ready");
    }

    @Override
    public void run(StreamKey<?> key) {
        log.add("run");
    }

    @Override
    public void quiesced(StreamKey<?> key) {
        log.add("quiesced");
    }

    @Override
    public void handled(StreamKey<?> key, Vid event) {
        log.add("handled");
    }

    @Override
    public void slept(StreamKey<?> key) {
        log.add("slept");
    }

    @Override
    public void awaiting(StreamKey<?> key, String why) {
        log.add("awaiting " + why);
    }

    @Override
    public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
        log.add("retry " + attempt);
    }

    @Override
    public void restarted(StreamKey<?> key, String why) {
        log.add("restarted");
    }

    @Override
    public void quit(StreamKey<?> key) {
        log.add("quit");
    }

    @Override
    public void stopped(StreamKey<?> key) {
        log.add("stopped");
    }
}
