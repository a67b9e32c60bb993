package io.repowatch.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The transitions of all activities, each in one place. None of them runs an activity or a user's code for another one: they
 * change the state and offer to a ready queue. Tests override single methods to prove that the checks of the guarantees see
 * the difference.
 */
class Core {
    final LoudScheduler callbacks;
    final Scheduler timer;
    final EngineListener listener;
    final EntityTable table = new EntityTable();
    final Shutdown shutdown = new Shutdown();

    private final AtomicInteger rechecks = new AtomicInteger();
    private final Settings settings;
    private final Backoff backoff;
    private final ReadyQueue repos;
    private final ReadyQueue general;
    private final Consumer<Task<?>> waking = this::wake;

    Core(Settings settings) {
        this.settings = settings;
        this.callbacks = new LoudScheduler(settings.callbacks(), this::fail, this::checkStopped);
        this.timer = settings.timer();
        this.listener = new GuardedListener(settings.listener());
        this.backoff = new Backoff(settings.firstBackoff(), settings.maxBackoff(), settings.random());
        this.repos = new ReadyQueue(this, settings);
        this.general = new ReadyQueue(this, settings);
    }

    EventSource source() {
        return settings.source();
    }

    Settings settings() {
        return settings;
    }

    ReadyQueue queue(StreamClass streamClass) {
        return switch (streamClass) {
            case REPO -> repos;
            case GENERAL -> general;
        };
    }

    Map<StreamClass, Map<ActivityState, Long>> count() {
        Map<StreamClass, Map<ActivityState, Long>> counts = new EnumMap<>(StreamClass.class);
        table.forEach(task -> {
            ActivityState state = task.publicState();
            if (state != null) {
                counts.computeIfAbsent(task.key.streamClass(), each -> new EnumMap<>(ActivityState.class))
                        .merge(state, 1L, Long::sum);
            }
        });
        return counts;
    }

    /** How many permits a class has. */
    int limit(StreamClass streamClass) {
        return settings.limit(streamClass);
    }

    /** Whether a permit at this position of the cycle of shares goes to the woken lane first. */
    boolean isWokenTurn(int position) {
        return position < settings.wokenShare();
    }

    /** Runs a task that has just been moved to {@link Task#RUNNING} and has a permit. */
    void turn(Task<?> task) {
        Turn.start(this, task);
    }

    /**
     * Where a callback ends is its own business, and often that is inside the callback of another activity; what follows must
     * not run there. An answer that is there already needs no hop.
     */
    Mono<Step> backOnCallbacks(Mono<Step> answer) {
        return answer instanceof Fuseable.ScalarCallable ? answer : answer.publishOn(callbacks);
    }

    void start(Task<?> task) {
        if (!table.add(task)) {
            if (task.end() != Task.ENDED) {
                task.fail(new IllegalStateException("an activity runs already on " + task.key));
            }
            return;
        }
        listener.ready(task.key);
        if (!task.move(Task.NEW, Task.READY_BULK)) {
            table.remove(task);
            checkStopped();
            return;
        }
        queue(task.key.streamClass()).enter(task);
        haltIfStopping(task);
    }

    void wake(Wakeup wakeup) {
        if (wakeup instanceof Wakeup.Of of) {
            table.forEach(of.entity(), waking);
        } else {
            recheckAll();
        }
    }

    private void recheckAll() {
        rechecks.incrementAndGet();
        for (StreamClass each : StreamClass.values()) {
            ReadyQueue queue = queue(each);
            queue.recheck();
            // Nothing is read before the source has said for the first time that wake-ups are coming.
            queue.open();
        }
    }

    void wake(Task<?> task) {
        while (true) {
            int state = task.state();
            switch (state) {
                case Task.SLEEPING, Task.READY_BULK -> {
                    if (task.move(state, Task.READY_WOKEN)) {
                        if (state == Task.SLEEPING) {
                            listener.ready(task.key);
                        }
                        queue(task.key.streamClass()).offer(task, Task.READY_WOKEN);
                        return;
                    }
                }
                case Task.RUNNING -> {
                    if (markDirty(task)) {
                        return;
                    }
                }
                case Task.AWAITING -> {
                    if (markWait(task)) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    int rechecks() {
        return rechecks.get();
    }

    /** Moves a task from this state to {@link Task#RUNNING}; false, and untouched, if it is in another one. */
    boolean claim(Task<?> task, int from) {
        // Before the read opens: an All that comes in between costs a read too many, never one too few.
        int now = rechecks();
        if (!task.move(from, Task.RUNNING)) {
            return false;
        }
        if (from == Task.SLEEPING || task.lastRecheck != now) {
            // No wake-up of its own: something may have been missed.
            task.mustRead();
        }
        task.lastRecheck = now;
        if (from == Task.SLEEPING) {
            listener.ready(task.key);
        }
        return true;
    }

    /**
     * Moves a sleeping task to {@link Task#RUNNING}. One that runs may have read before the news, so it is made to look again.
     * Looks until the state holds still: between two looks a task may go from the one to the other.
     */
    boolean claimOrMark(Task<?> task) {
        while (true) {
            switch (task.state()) {
                case Task.SLEEPING -> {
                    if (claim(task, Task.SLEEPING)) {
                        return true;
                    }
                }
                case Task.RUNNING -> {
                    if (markDirty(task)) {
                        return false;
                    }
                }
                case Task.AWAITING -> {
                    if (markWait(task)) {
                        return false;
                    }
                }
                default -> {
                    return false;
                }
            }
        }
    }

    /** Makes a running task look again when it is through; false if it does not run. */
    boolean markDirty(Task<?> task) {
        return task.move(Task.RUNNING, Task.DIRTY);
    }

    /** Makes an awaiting task look again when its wait is over; false if it does not await. */
    boolean markWait(Task<?> task) {
        return task.move(Task.AWAITING, Task.AWAITING_DIRTY);
    }

    /** Whether the task may begin a callback, or what belongs to one. */
    boolean mayBegin(Task<?> task) {
        return !stopping() && !task.ended();
    }

    /** Whether the events of the task are folded only. */
    boolean isHistory(Task<?> task) {
        return !task.isQuiesced();
    }

    /** Whether wake-ups have told, or will tell, of all events that the task has not read. */
    boolean isToldOfAllNews(Task<?> task) {
        return task.isUpToDate();
    }

    /** Whether a task that has been given so many live events in this turn lets others have the permit. */
    boolean mustYield(Task<?> task, int live) {
        return live >= settings.turnEvents() && queue(task.key.streamClass()).hasWoken();
    }

    /** Takes the Step of a callback, or of the wait that it began. */
    Verdict settle(Task<?> task, Call call, Step step, boolean waited) {
        if (step instanceof Step.Await await) {
            return new Verdict.Wait(call, await);
        }
        boolean first = call.kind() == Call.Kind.QUIESCED;
        task.succeeded(call, waited);
        if (first) {
            listener.quiesced(task.key);
        } else if (call.kind() == Call.Kind.LIVE) {
            listener.handled(task.key, call.event());
        }
        if (step instanceof Step.Quit) {
            return Verdict.QUIT;
        }
        // Whoever waited at a live event has left the events behind it unread.
        return waited && step instanceof Step.Rest && call.kind() != Call.Kind.LIVE ? Verdict.REST : Verdict.GO_ON;
    }

    /** What the failure of a callback means: it counts as not made, so it is due again. */
    Verdict failed(Task<?> task, Call call, Throwable error) {
        return new Verdict.Failed(error, false);
    }

    /** Ends a turn, or a wait, for which {@code release} does nothing. */
    final void finish(Task<?> task, Verdict verdict, Runnable release) {
        try {
            conclude(task, verdict, release);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void conclude(Task<?> task, Verdict verdict, Runnable release) {
        if (task.ended()) {
            release.run();
            return;
        }
        if (stopping() && !(verdict instanceof Verdict.Quit)) {
            release.run();
            stop(task, shutdown.cause());
            return;
        }
        if (verdict instanceof Verdict.Wait wait) {
            await(task, wait, release);
        } else if (verdict instanceof Verdict.Failed failed) {
            retry(task, failed.error(), failed.restart(), release);
        } else if (verdict instanceof Verdict.Gap gap) {
            gap(task, gap, release);
        } else if (verdict instanceof Verdict.Quit) {
            release.run();
            quit(task);
        } else if (verdict instanceof Verdict.Again) {
            release.run();
            afterWait(task);
        } else if (verdict instanceof Verdict.Yield) {
            release.run();
            again(task, Task.RUNNING);
        } else if (verdict instanceof Verdict.Rest) {
            release.run();
            rest(task);
        } else {
            sleep(task);
            release.run();
        }
    }

    private void sleep(Task<?> task) {
        task.caughtUp();
        task.letGo();
        listener.slept(task.key);
        if (fallAsleep(task)) {
            haltIfStopping(task);
        } else {
            again(task, Task.DIRTY);
        }
    }

    /** Moves a running task to {@link Task#SLEEPING}; false if it was woken meanwhile. */
    boolean fallAsleep(Task<?> task) {
        return task.move(Task.RUNNING, Task.SLEEPING);
    }

    private void rest(Task<?> task) {
        task.caughtUp();
        task.letGo();
        listener.slept(task.key);
        if (task.move(Task.AWAITING, Task.SLEEPING)) {
            haltIfStopping(task);
        } else {
            afterWait(task);
        }
    }

    /** What the wait has done may have made events, of which nobody need tell: the stream is read again. */
    void afterWait(Task<?> task) {
        again(task, Task.AWAITING);
    }

    /** Offers a task that was in {@code from}, unless it was ended. */
    final void again(Task<?> task, int from) {
        if (task.ended()) {
            return;
        }
        listener.ready(task.key);
        int lane = isHistory(task) ? Task.READY_BULK : Task.READY_WOKEN;
        if (from == Task.AWAITING
                ? task.leaveWait(lane)
                : from == Task.RUNNING ? task.leaveRun(lane) : task.move(from, lane)) {
            queue(task.key.streamClass()).offer(task, lane);
            haltIfStopping(task);
        }
    }

    /** Gives the permit back and then begins to wait, in this order. */
    void await(Task<?> task, Verdict.Wait wait, Runnable release) {
        Wait waiting = new Wait(this, task, wait.call());
        listener.awaiting(task.key, wait.step().why());
        boolean waits = task.awaits() || task.beginWait();
        release.run();
        if (waits && task.hold(waiting)) {
            // Looks itself whether the engine stops.
            waiting.start(wait.step().outcome());
        }
    }

    private void gap(Task<?> task, Verdict.Gap gap, Runnable release) {
        if (task.gapAgain()) {
            retry(task, new IllegalStateException(gap.what()), true, release);
            return;
        }
        listener.restarted(task.key, gap.what());
        task.restart();
        release.run();
        again(task, Task.RUNNING);
    }

    /** Gives the permit back and backs off. */
    void retry(Task<?> task, Throwable error, boolean restart, Runnable release) {
        if (Exceptions.isJvmFatal(error)) {
            release.run();
            fail(error);
            return;
        }
        if (restart) {
            listener.restarted(task.key, error.toString());
            task.restart();
        }
        int attempt = task.failed();
        Duration delay = delay(attempt);
        listener.retry(task.key, error, delay, attempt);
        boolean backsOff = task.leaveWait(Task.BACKING_OFF) || task.leaveRun(Task.BACKING_OFF);
        release.run();
        Pause pause = new Pause(this, task);
        if (backsOff && task.hold(pause)) {
            pause.start(delay);
            haltIfStopping(task);
        }
    }

    /** How long to back off after this many failures in a row. */
    Duration delay(int attempt) {
        return backoff.delay(attempt);
    }

    private void quit(Task<?> task) {
        if (task.end() != Task.ENDED) {
            listener.quit(task.key);
            depart(task);
            task.leaveChildren();
            // Whether that was the last one is looked at when this callback has ended.
            task.complete();
        }
    }

    /** Ends a task from outside. Its subscriber hears {@code cause}, or nothing if that is null. */
    void stop(Task<?> task, @Nullable Throwable cause) {
        int before = task.end();
        if (before == Task.ENDED) {
            return;
        }
        Disposable held = task.held();
        if (held != null) {
            closeWork(held);
        }
        listener.stopped(task.key);
        if (before != Task.NEW) {
            depart(task);
        }
        if (!stopping()) {
            // An engine that stops goes through all activities itself, and lets the busy ones finish.
            task.stopChildren();
        }
        if (cause != null) {
            task.fail(cause);
        }
        checkStopped();
    }

    /** Ends the turn, the wait or the back-off of a task that is stopped. */
    void closeWork(Disposable work) {
        work.dispose();
    }

    private void depart(Task<?> task) {
        table.remove(task);
        queue(task.key.streamClass()).roster.remove(task);
        task.letGo();
    }

    private void haltIfStopping(Task<?> task) {
        if (stopping()) {
            stopSoftly(task);
        }
    }

    private void stopSoftly(Task<?> task) {
        if (!isBusy(task)) {
            stop(task, shutdown.cause());
        }
    }

    /** Whether a callback of the task is under way. If that ends just now, the end of the turn or wait sees the stop. */
    private static boolean isBusy(Task<?> task) {
        return switch (task.state()) {
            case Task.RUNNING, Task.DIRTY -> !(task.held() instanceof Turn<?> turn) || turn.isBusy();
            case Task.AWAITING, Task.AWAITING_DIRTY -> !(task.held() instanceof Wait wait) || wait.isBegun();
            default -> false;
        };
    }

    boolean stopping() {
        return shutdown.isBegun();
    }

    /** Begins an orderly stop: no callback begins any more, those under way may finish. */
    void beginStop(@Nullable Throwable cause) {
        if (shutdown.begin(cause)) {
            repos.close();
            general.close();
            shutdown.closeSources();
        }
        table.forEach(this::stopSoftly);
        checkStopped();
    }

    /** Cancels whatever still runs. */
    void stopNow(@Nullable Throwable cause) {
        beginStop(cause);
        table.forEach(task -> stop(task, shutdown.cause()));
    }

    private void checkStopped() {
        if (stopping() && table.size() == 0 && callbacks.isIdle()) {
            shutdown.finish();
        }
    }

    final void fail(Throwable error) {
        shutdown.fail(error);
    }
}
