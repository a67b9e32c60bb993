package io.repowatch.service;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Shows how far the initial load is. Used by one thread at a time. */
interface Progress extends AutoCloseable {

    /** {@code done} of {@code total} repos are enabled or have a stored error. */
    void show(long done, long total);

    @Override
    void close();

    /** A progress bar with rate and time left on a terminal, otherwise plain lines; both on standard error. */
    static Progress on(Terminal terminal) {
        return System.console() != null ? new Bar() : new Lines(terminal.err());
    }

    /** For people. */
    final class Bar implements Progress {
        private @Nullable ProgressBar bar;

        @Override
        public void show(long done, long total) {
            if (bar == null) {
                bar = new ProgressBarBuilder()
                        .setTaskName("initial load")
                        .setUnit(" repos", 1)
                        .setInitialMax(total)
                        .setSpeedUnit(java.time.temporal.ChronoUnit.SECONDS)
                        .showSpeed()
                        .setUpdateIntervalMillis(200)
                        .setMaxRenderedLength(100)
                        .build();
            }
            bar.maxHint(total);
            bar.stepTo(done);
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
                bar = null;
            }
        }
    }

    /** For log files: a line at most every few seconds, and none when nothing has changed. */
    final class Lines implements Progress {
        private static final long EVERY = Duration.ofSeconds(2).toNanos();

        private final PrintWriter err;
        private long lastDone = -1;
        private long lastTotal = -1;
        private long lastAt;

        Lines(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void show(long done, long total) {
            long now = System.nanoTime();
            boolean changed = done != lastDone || total != lastTotal;
            if (changed && (lastDone < 0 || now - lastAt >= EVERY || done == total)) {
                err.println("initial load: " + done + " of " + total + " repos");
                err.flush();
                lastDone = done;
                lastTotal = total;
                lastAt = now;
            }
        }

        @Override
        public void close() {}
    }
}
