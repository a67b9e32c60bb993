package io.repowatch.engine;

import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Engines with one method that is wrong, for the simulation to find. */
public final class EngineBugs {
    private EngineBugs() {}

    private static UnaryOperator<ActivityEngine.Builder> with(Function<Settings, Core> core) {
        return builder -> builder.core(core);
    }

    public static UnaryOperator<ActivityEngine.Builder> ignoresSignalsWhileRunning() {
        return with(Mutant.FORGETS_A_WAKE_UP_WHILE_IT_RUNS.core);
    }

    public static UnaryOperator<ActivityEngine.Builder> clearsTheDirtyFlagAfterTheRead() {
        return with(settings -> new Core(settings) {
            @Override
            boolean fallAsleep(Task<?> task) {
                return task.leaveRun(Task.SLEEPING);
            }
        });
    }

    public static UnaryOperator<ActivityEngine.Builder> losesSignalsWhileAwaiting() {
        return with(settings -> new Core(settings) {
            @Override
            void afterWait(Task<?> task) {
                task.leaveWait(Task.SLEEPING);
            }
        });
    }

    public static UnaryOperator<ActivityEngine.Builder> keepsThePermitWhileAwaiting() {
        return with(Mutant.KEEPS_THE_PERMIT_WHILE_IT_WAITS.core);
    }

    public static UnaryOperator<ActivityEngine.Builder> owesNoCaughtUpAfterAFailure() {
        return with(settings -> new Core(settings) {
            @Override
            Verdict failed(Task<?> task, Call call, Throwable error) {
                if (call.kind() == Call.Kind.CAUGHT_UP) {
                    task.succeeded(call, false);
                }
                return super.failed(task, call, error);
            }
        });
    }

    public static UnaryOperator<ActivityEngine.Builder> startsALinkBeforeTheOneAheadHasQuit() {
        return with(Mutant.STARTS_A_LINK_BEFORE_THE_ONE_AHEAD_HAS_QUIT.core);
    }

    public static UnaryOperator<ActivityEngine.Builder> actsInTheHistory() {
        return with(Mutant.ACTS_IN_THE_HISTORY.core);
    }

    public static UnaryOperator<ActivityEngine.Builder> readsOneStreamTooMany() {
        return with(Mutant.READS_ONE_STREAM_TOO_MANY.core);
    }
}
