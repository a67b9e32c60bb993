package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

class LoudSchedulerTest {
    private final List<String> heard = new ArrayList<>();
    private final ManualScheduler target = new ManualScheduler();
    private final LoudScheduler loud =
            new LoudScheduler(target, error -> heard.add("error " + error.getMessage()), () -> heard.add("idle"));

    @Test
    void isIdleUnlessATaskRuns() {
        assertThat(loud.isIdle()).isTrue();
        loud.schedule(() -> heard.add("idle inside: " + loud.isIdle()));
        assertThat(loud.isIdle()).as("nothing runs before its turn").isTrue();
        target.runAll();
        assertThat(loud.isIdle()).isTrue();
        assertThat(heard).containsExactly("idle inside: false", "idle");
    }

    @Test
    void tellsOfIdlenessWhenTheLastOfSeveralHasEnded() {
        loud.schedule(() -> {
            loud.schedule(() -> heard.add("inner"));
            target.runAll();
            heard.add("outer");
        });
        target.runAll();
        assertThat(heard).containsExactly("inner", "outer", "idle");
    }

    @Test
    void tellsWhateverATaskThrowsAndThatItHasEnded() {
        loud.schedule(() -> {
            throw new StackOverflowError("deep");
        });
        loud.createWorker().schedule(() -> {
            throw new IllegalStateException("no");
        });
        target.runAll();
        assertThat(heard).containsExactly("error deep", "idle", "error no", "idle");
    }

    @Test
    void whatIsScheduledMayBeCancelled() {
        Scheduler.Worker worker = loud.createWorker();
        for (Disposable each : List.of(loud.schedule(() -> heard.add("1")), worker.schedule(() -> heard.add("2")))) {
            each.dispose();
        }
        target.runAll();
        assertThat(heard).isEmpty();
    }

    @Test
    void aWorkerThatIsGivenUpRunsNothing() {
        Scheduler.Worker worker = loud.createWorker();
        worker.schedule(() -> heard.add("never"));
        assertThat(worker.isDisposed()).isFalse();
        worker.dispose();
        assertThat(worker.isDisposed()).isTrue();
        target.runAll();
        assertThat(heard).isEmpty();
    }
}
