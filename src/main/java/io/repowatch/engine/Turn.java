package io.repowatch.engine;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One turn of an activity: from the permit to its return. Opens one read, hands its events over one by one, calls
 * {@link Activity#quiesced} or {@link Activity#caughtUp} where it is due, and ends with a {@link Verdict}; at that moment
 * the read is closed. Everything but the cancellation happens on the Scheduler of the callbacks.
 *
 * <p>By hand and not of operators because every wake-up takes one: as operators it was most of what an event cost. Whoever
 * brings something counts up {@link #work}; the first starts the loop there, which goes on until all that was brought is seen
 * to. A callback that answers at once takes no more than its call.
 */
final class Turn<E> extends Inbox<E> implements LoudScheduler.Job, Disposable {
    @SuppressWarnings("rawtypes") // there is no class literal of a generic type
    private static final AtomicIntegerFieldUpdater<Turn> WORK =
            AtomicIntegerFieldUpdater.newUpdater(Turn.class, "work");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<Turn> PERMITS =
            AtomicIntegerFieldUpdater.newUpdater(Turn.class, "permits");

    private final Core core;
    private final Task<E> task;

    /** At 1 from the beginning: the first run is scheduled by {@link #start}. */
    @SuppressWarnings("UnusedVariable")
    private volatile int work = 1;

    @SuppressWarnings("UnusedVariable")
    private volatile int permits = 1;

    private volatile boolean disposed;

    /** A callback is under way; an orderly stop lets it finish. */
    private volatile boolean busy;

    /** What the callback under way answers, if it has not done so at once. */
    private volatile @Nullable Answer answer;

    // Only the loop touches these.
    private boolean opened;
    private int live;
    private boolean skipping;
    private boolean quiet;
    private boolean over;

    private Turn(Core core, Task<E> task) {
        this.core = core;
        this.task = task;
    }

    /** Runs a task that has been moved to {@link Task#RUNNING}; tells its queue when the permit is free again. */
    static <E> void start(Core core, Task<E> task) {
        Turn<E> turn = new Turn<>(core, task);
        if (task.hold(turn)) {
            core.callbacks.schedule(turn);
        }
    }

    @Override
    public LoudScheduler scheduler() {
        return core.callbacks;
    }

    @Override
    void news() {
        if (WORK.getAndIncrement(this) == 0) {
            try {
                core.callbacks.schedule(this);
            } catch (RejectedExecutionException e) {
                // What comes late to a turn that was stopped finds a Scheduler that is gone with its engine.
                if (!disposed) {
                    core.fail(e);
                }
            }
        }
    }

    @Override
    public void work() {
        int missed = 1;
        do {
            advance();
            missed = WORK.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void advance() {
        while (!over) {
            Verdict end = next();
            if (end == null) {
                return;
            }
            if (end != Verdict.GO_ON) {
                over = true;
                close();
                core.finish(task, end, this::release);
            }
        }
    }

    /** Does what is due. {@link Verdict#GO_ON} if there may be more, null if something has to come first, else the end. */
    private @Nullable Verdict next() {
        if (disposed) {
            over = true;
            return null;
        }
        if (!opened) {
            opened = true;
            return open();
        }
        Answer expected = answer;
        if (expected != null) {
            return expected.isThere() ? take(expected) : null;
        }
        boolean ended = isEnded();
        Event<E> event = poll();
        if (event != null) {
            return handle(event);
        }
        return ended ? end() : null;
    }

    private Verdict open() {
        if (mayNotBegin()) {
            return Verdict.HALT;
        }
        core.listener.run(task.key);
        try {
            task.activity();
            read().subscribe(this);
            return Verdict.GO_ON;
        } catch (Throwable e) {
            return readFailed(e);
        }
    }

    private Flux<Event<E>> read() {
        EventSource source = core.source();
        return core.isToldOfAllNews(task) ? source.news(task.key, task.tail()) : source.read(task.key, task.tail());
    }

    private Verdict readFailed(Throwable error) {
        return new Verdict.Failed(error, error instanceof PositionUnknownException && !task.isAtEpoch());
    }

    private @Nullable Verdict handle(Event<E> event) {
        if (!follows(event)) {
            return Verdict.GO_ON;
        }
        if (core.isHistory(task)) {
            return replay(event);
        }
        if (core.mustYield(task, live)) {
            return Verdict.YIELD;
        }
        live++;
        return call(Call.live(event.id()), event);
    }

    /** Whether the event is the next one. If not, it has been delivered before, or there is a gap: the end of the read tells. */
    private boolean follows(Event<E> event) {
        boolean isTail = task.isAt(event.id());
        if (skipping || isTail) {
            skipping = !isTail;
            return false;
        }
        skipping = !task.isAtEpoch() && event.parent() != null && !task.isAt(event.parent());
        return !skipping;
    }

    private Verdict replay(Event<E> event) {
        if (mayNotBegin()) {
            return Verdict.HALT;
        }
        try {
            task.activity().replay(event);
        } catch (Throwable e) {
            return new Verdict.Failed(e, true);
        }
        task.tail(event.id());
        return Verdict.GO_ON;
    }

    /** The read has ended and all its events are handled. */
    private @Nullable Verdict end() {
        Throwable error = error();
        if (error != null) {
            return readFailed(error);
        }
        if (quiet) {
            return Verdict.SLEEP;
        }
        quiet = true;
        if (mayNotBegin()) {
            return Verdict.HALT;
        }
        if (skipping) {
            return new Verdict.Gap("the stream has events after " + task.tail() + " that do not follow it");
        }
        if (!task.isQuiesced()) {
            return call(Call.QUIESCED, null);
        }
        return task.owesCaughtUp() ? call(Call.CAUGHT_UP, null) : Verdict.SLEEP;
    }

    /** Makes a callback. Its failure is that of the activity, whatever it is: what is fatal ends the engine in the end. */
    private @Nullable Verdict call(Call call, @Nullable Event<E> event) {
        busy = true;
        if (mayNotBegin()) {
            busy = false;
            return Verdict.HALT;
        }
        try {
            Mono<Step> asked = callback(call, event);
            if (!(asked instanceof Fuseable.ScalarCallable<?> ready)) {
                ask(asked, call);
                return Verdict.GO_ON;
            }
            Step step = (Step) ready.call();
            return disposed ? Verdict.GO_ON : goOnOrEnd(settle(call, step == null ? Step.Next.INSTANCE : step));
        } catch (Throwable e) {
            answer = null;
            return core.failed(task, call, e);
        }
    }

    private Mono<Step> callback(Call call, @Nullable Event<E> event) {
        Activity<E> activity = task.activity();
        if (event != null) {
            return activity.live(event);
        }
        return call.kind() == Call.Kind.QUIESCED ? activity.quiesced() : activity.caughtUp();
    }

    private void ask(Mono<Step> asked, Call call) {
        Answer expected = new Answer(this, call);
        answer = expected;
        // Looked at after the store, as dispose() looks at the store after it has set the mark.
        if (!disposed) {
            asked.subscribe(expected);
        }
    }

    private Verdict take(Answer there) {
        answer = null;
        Throwable error = there.error();
        return error != null ? core.failed(task, there.call, error) : goOnOrEnd(settle(there.call, there.step()));
    }

    private Verdict settle(Call call, Step step) {
        try {
            return core.settle(task, call, step, false);
        } catch (Throwable e) {
            return core.failed(task, call, e);
        }
    }

    private Verdict goOnOrEnd(Verdict end) {
        if (end != Verdict.GO_ON) {
            return end;
        }
        busy = false;
        // A stop that came during the callback has left the read open.
        return mayNotBegin() ? Verdict.HALT : Verdict.GO_ON;
    }

    /** Looked at after {@link #busy} is set, as a stop looks at that after it has been announced. */
    private boolean mayNotBegin() {
        return !core.mayBegin(task);
    }

    boolean isBusy() {
        return busy;
    }

    private void release() {
        if (PERMITS.getAndSet(this, 0) == 1) {
            core.queue(task.key.streamClass()).release();
        }
    }

    /** Closes the read and cancels the callback, then returns the permit; also before the turn has begun. */
    @Override
    public void dispose() {
        disposed = true;
        close();
        Answer expected = answer;
        if (expected != null) {
            expected.cancel();
        }
        release();
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
