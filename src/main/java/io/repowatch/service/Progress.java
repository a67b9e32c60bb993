package io.repowatch.service;

import java.io.Console;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows how far the initial load is. Used by one thread at a time. */
interface Progress extends AutoCloseable {

    /** {@code done} of {@code total} repos are enabled or have a stored error. */
    void show(long done, long total);

    @Override
    void close();

    /** A progress bar with rate and time left on a terminal, otherwise lines in the log; both on standard error. */
    static Progress of(Logs.Form form) {
        return form == Logs.Form.HUMAN && isTerminal() ? new Bar() : new Lines();
    }

    // Since Java 22 there is a console also where there is no terminal; only then it can be asked.
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** For people. Only warnings are logged meanwhile, so that the bar stays in one piece. */
    final class Bar implements Progress {
        private @Nullable ProgressBar bar;

        @Override
        public void show(long done, long total) {
            if (bar == null) {
                Logs.quiet(true);
                bar = new ProgressBarBuilder()
                        .setTaskName("initial load")
                        .setUnit(" repos", 1)
                        .setInitialMax(total)
                        .setSpeedUnit(ChronoUnit.SECONDS)
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
                Logs.quiet(false);
            }
        }
    }

    /** For log files: a line at most every few seconds, and none when nothing has changed. */
    final class Lines implements Progress {
        private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
        private static final long EVERY = Duration.ofSeconds(2).toNanos();

        private long lastDone = -1;
        private long lastTotal = -1;
        private long lastAt;

        @Override
        public void show(long done, long total) {
            long now = System.nanoTime();
            boolean changed = done != lastDone || total != lastTotal;
            if (changed && (lastDone < 0 || now - lastAt >= EVERY || done == total)) {
                LOG.info("initial load: {} of {} repos", done, total);
                lastDone = done;
                lastTotal = total;
                lastAt = now;
            }
        }

        @Override
        public void close() {}
    }
}
