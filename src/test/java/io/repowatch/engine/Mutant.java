package io.repowatch.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The real engine with one package-private method that does something else, and the guarantee that this must break. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum Mutant {
    ACTS_IN_THE_HISTORY(1, settings -> new Core(settings) {
        @Override
        boolean isHistory(Task<?> task) {
            return false;
        }
    }),

    COUNTS_A_FAILED_EVENT_AS_HANDLED(2, settings -> new Core(settings) {
        @Override
        Verdict failed(Task<?> task, Call call, Throwable error) {
            task.succeeded(call, false);
            return super.failed(task, call, error);
        }
    }),

    COUNTS_AN_EVENT_AS_HANDLED_BEFORE_THE_WAIT_ENDS(2, settings -> new Core(settings) {
        @Override
        Verdict settle(Task<?> task, Call call, Step step, boolean waited) {
            if (step instanceof Step.Await) {
                task.succeeded(call, false);
            }
            return super.settle(task, call, step, waited);
        }
    }),

    FORGETS_THE_CAUGHT_UP_AFTER_A_WAIT(2, settings -> new Core(settings) {
        @Override
        Verdict settle(Task<?> task, Call call, Step step, boolean waited) {
            return super.settle(task, call, step, false);
        }
    }),

    RUNS_A_WOKEN_ACTIVITY_TWICE_AT_A_TIME(3, settings -> new Core(settings) {
        @Override
        boolean markDirty(Task<?> task) {
            if (!task.move(Task.RUNNING, Task.READY_WOKEN)) {
                return false;
            }
            queue(task.key.streamClass()).offer(task, Task.READY_WOKEN);
            return true;
        }
    }),

    STARTS_A_LINK_BEFORE_THE_ONE_AHEAD_HAS_QUIT(3, settings -> new Core(settings) {
        @Override
        void turn(Task<?> task) {
            if (task instanceof ChildTask<?>) {
                task.complete();
            }
            super.turn(task);
        }
    }),

    READS_ONE_STREAM_TOO_MANY(4, settings -> new Core(settings) {
        @Override
        int limit(StreamClass streamClass) {
            return super.limit(streamClass) + 1;
        }
    }),

    KEEPS_THE_PERMIT_WHILE_IT_WAITS(5, settings -> new Core(settings) {
        @Override
        void await(Task<?> task, Verdict.Wait wait, Runnable release) {
            super.await(task, wait, () -> {});
        }
    }),

    FORGETS_A_WAKE_UP_WHILE_IT_RUNS(6, settings -> new Core(settings) {
        @Override
        boolean markDirty(Task<?> task) {
            return task.state() == Task.RUNNING;
        }
    }),

    BELIEVES_THAT_ALL_NEWS_IS_TOLD(6, settings -> new Core(settings) {
        @Override
        boolean isToldOfAllNews(Task<?> task) {
            return task.isQuiesced();
        }
    }),

    LEAVES_OPEN_WHAT_A_STOPPED_ACTIVITY_DOES(7, settings -> new Core(settings) {
        @Override
        void closeWork(reactor.core.Disposable work) {}
    }),

    GOES_ON_WITH_CALLBACKS_WHEN_IT_STOPS(7, settings -> new Core(settings) {
        @Override
        boolean mayBegin(Task<?> task) {
            return true;
        }
    }),

    LETS_A_STOP_OUTLAST_ITS_DEADLINE(7, settings -> new Core(settings) {
        @Override
        void stopNow(@Nullable Throwable cause) {
            beginStop(cause);
        }
    }),

    BACKS_OFF_WITHOUT_JITTER(8, settings -> new Core(settings) {
        @Override
        Duration delay(int attempt) {
            return Duration.ofSeconds(Math.min(60, 1L << Math.min(attempt - 1, 6)));
        }
    }),

    BACKS_OFF_ALWAYS_ALIKE(8, settings -> new Core(settings) {
        @Override
        Duration delay(int attempt) {
            return Duration.ofSeconds(1);
        }
    }),

    FORGETS_FAILURES_WHEN_A_RESTARTED_ACTIVITY_ACTS(8, settings -> new Core(settings) {
        @Override
        Verdict settle(Task<?> task, Call call, Step step, boolean waited) {
            // The first takes back that it was restarted.
            task.caughtUp();
            return super.settle(task, call, step, waited);
        }
    }),

    LETS_NEWS_STARVE_THE_LOAD(9, settings -> new Core(settings) {
        @Override
        boolean isWokenTurn(int position) {
            return true;
        }
    }),

    LETS_THE_LOAD_STARVE_NEWS(9, settings -> new Core(settings) {
        @Override
        boolean isWokenTurn(int position) {
            return false;
        }
    }),

    KEEPS_THE_PERMIT_WHILE_IT_BACKS_OFF(10, settings -> new Core(settings) {
        @Override
        void retry(Task<?> task, Throwable error, boolean restart, Runnable release) {
            super.retry(task, error, restart, () -> timer.schedule(release, 30, TimeUnit.SECONDS));
        }
    }),

    LETS_THE_SLOW_KEEP_THEIR_PERMITS(10, KEEPS_THE_PERMIT_WHILE_IT_WAITS.core);

    final int guarantee;
    final Function<Settings, Core> core;

    Mutant(int guarantee, Function<Settings, Core> core) {
        this.guarantee = guarantee;
        this.core = core;
    }
}
