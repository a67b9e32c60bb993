package io.repowatch.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** The back-off of one activity. Held by the task before the timer starts, so that a timer that fires at once finds it. */
final class Pause implements Disposable {
    private final Disposable.Swap timer = Disposables.swap();
    private final Core core;
    private final Task<?> task;

    Pause(Core core, Task<?> task) {
        this.core = core;
        this.task = task;
    }

    void start(Duration delay) {
        timer.update(
                core.timer.schedule(() -> core.again(task, Task.BACKING_OFF), delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public void dispose() {
        timer.dispose();
    }
}
