package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * One activity between its start and its end: where it is in its stream, and its state. While it sleeps it is all that the
 * engine keeps of it, so it is its own Scope and holds the tail as two longs.
 *
 * <p>The state is the lock: whoever moves it away from {@link #RUNNING}, {@link #AWAITING} or {@link #BACKING_OFF} owns the
 * other fields, and the volatile write hands them on to the next owner.
 */
abstract class Task<E> implements Scope {
    static final int NEW = 0;
    static final int READY_BULK = 1;
    static final int READY_WOKEN = 2;
    static final int RUNNING = 3;
    /** Running, and woken meanwhile. */
    static final int DIRTY = 4;

    static final int SLEEPING = 5;
    static final int AWAITING = 6;
    static final int BACKING_OFF = 7;
    static final int ENDED = 8;
    /** Awaiting, and woken since the last read was opened. */
    static final int AWAITING_DIRTY = 9;

    @SuppressWarnings("rawtypes") // there is no class literal of a generic type
    private static final AtomicIntegerFieldUpdater<Task> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Task.class, "state");

    /** What is true of the run so far; bits of {@link #marks}. */
    private static final int QUIESCED = 1;

    private static final int OWES_CAUGHT_UP = 2;
    private static final int SAW_GAP = 4;
    private static final int RESTARTED = 8;

    /** Has read to the end, and since then nothing but wake-ups can have brought news. */
    private static final int UP_TO_DATE = 16;

    final StreamKey<E> key;

    /** The place in the roster, -1 outside; guarded by the roster. */
    int slot = -1;

    /** How many times everything had to be looked at again before the last read; written by who has claimed the task. */
    int lastRecheck;

    private volatile int state;
    private volatile @Nullable Disposable held;
    private volatile @Nullable Children children;
    private volatile boolean halted;
    private @Nullable Activity<E> activity;
    private long tailHi;
    private long tailLo;
    private short failures;
    private byte marks;

    Task(StreamKey<E> key) {
        this.key = key;
    }

    /** Makes the instances. */
    abstract ActivityFactory<E> factory();

    /** Where it runs; not a field, because most tasks reach it through their siblings. */
    abstract Core core();

    /** Whether at most one such task may run on its key. */
    abstract boolean exclusive();

    /** The task has quit. */
    abstract void complete();

    /** The task has been stopped for this reason, or could not start. */
    abstract void fail(Throwable reason);

    /** Where the children go when the task quits; null if nobody stops them before the engine does. */
    abstract @Nullable Children heir();

    int state() {
        return state;
    }

    /** The state as it is told outside; null once ended. */
    @Nullable
    ActivityState publicState() {
        return switch (state) {
            case RUNNING, DIRTY -> ActivityState.RUNNING;
            case SLEEPING -> ActivityState.SLEEPING;
            case AWAITING, AWAITING_DIRTY -> ActivityState.AWAITING;
            case BACKING_OFF -> ActivityState.BACKING_OFF;
            case ENDED -> null;
            default -> ActivityState.READY;
        };
    }

    boolean ended() {
        return state == ENDED;
    }

    boolean move(int from, int to) {
        return STATE.compareAndSet(this, from, to);
    }

    /** Leaves the states of a task that has a permit; false if it was ended meanwhile. */
    boolean leaveRun(int to) {
        return move(RUNNING, to) || move(DIRTY, to);
    }

    /** From a permit to a wait. A wake-up that came during the turn stays noted; false if the task was ended meanwhile. */
    boolean beginWait() {
        mustRead();
        return move(RUNNING, AWAITING) || move(DIRTY, AWAITING_DIRTY);
    }

    boolean awaits() {
        int now = state;
        return now == AWAITING || now == AWAITING_DIRTY;
    }

    /** Leaves the states of a task that awaits; false if it does not, or was ended meanwhile. */
    boolean leaveWait(int to) {
        return move(AWAITING, to) || move(AWAITING_DIRTY, to);
    }

    /** Ends the task; only the first call returns the state that it was in, the others {@link #ENDED}. */
    int end() {
        return STATE.getAndSet(this, ENDED);
    }

    /**
     * Stores what has to be disposed of when the task is ended; false, and disposed of, if that has happened already. The
     * state is looked at after the store, as the one who ends the task looks at the store after it has set the state.
     */
    boolean hold(Disposable work) {
        held = work;
        if (ended()) {
            work.dispose();
            return false;
        }
        return true;
    }

    void letGo() {
        held = null;
    }

    @Nullable
    Disposable held() {
        return held;
    }

    Activity<E> activity() {
        Activity<E> instance = activity;
        if (instance == null) {
            instance = factory().create(key, this);
            activity = instance;
        }
        return instance;
    }

    private boolean is(int mark) {
        return (marks & mark) != 0;
    }

    private void mark(int mark, boolean value) {
        marks = (byte) (value ? marks | mark : marks & ~mark);
    }

    @Override
    public StreamKey<E> stream() {
        return key;
    }

    @Override
    public Vid tail() {
        return isAtEpoch() ? Vid.EPOCH : new Vid(tailHi, tailLo);
    }

    boolean isAt(Vid id) {
        return tailHi == id.hi() && tailLo == id.lo();
    }

    boolean isAtEpoch() {
        return tailHi == 0 && tailLo == 0;
    }

    void tail(Vid tail) {
        tailHi = tail.hi();
        tailLo = tail.lo();
    }

    boolean isQuiesced() {
        return is(QUIESCED);
    }

    /** Whether a wake-up tells of everything that the task has not read. */
    boolean isUpToDate() {
        return is(UP_TO_DATE);
    }

    /** There may be events of which no wake-up tells, or has told in time. */
    void mustRead() {
        mark(UP_TO_DATE, false);
    }

    boolean owesCaughtUp() {
        return is(OWES_CAUGHT_UP);
    }

    /** The callback has succeeded, its waits included. */
    void succeeded(Call call, boolean waited) {
        switch (call.kind()) {
            case QUIESCED -> mark(QUIESCED, true);
            case LIVE -> {
                tail(call.event());
                mark(OWES_CAUGHT_UP, true);
            }
            case CAUGHT_UP -> mark(OWES_CAUGHT_UP, false);
        }
        if (waited) {
            mark(OWES_CAUGHT_UP, true);
        }
        if (!is(RESTARTED)) {
            failures = 0;
        }
    }

    /**
     * The stream was read to its end and nothing failed. If that was from the epoch, it does not show yet that the next read
     * will not end in another restart, and the row of failures goes on until one more read or callback has succeeded.
     */
    void caughtUp() {
        if (is(RESTARTED)) {
            mark(RESTARTED, false);
        } else {
            failures = 0;
        }
        mark(SAW_GAP, false);
        mark(UP_TO_DATE, true);
    }

    /** One more failure; returns how many in a row, as far as that is counted. */
    int failed() {
        mustRead();
        failures = (short) Math.min(Short.MAX_VALUE, failures + 1);
        return failures;
    }

    /** Notes a gap; true if the one before was not followed by a complete read. */
    boolean gapAgain() {
        boolean again = is(SAW_GAP);
        mark(SAW_GAP, true);
        return again;
    }

    /** Gives the instance up: the next one starts from the epoch. The children stay. */
    void restart() {
        activity = null;
        tail(Vid.EPOCH);
        marks = (byte) (marks & SAW_GAP | RESTARTED);
    }

    /** Stops the children; there will be no others. Not for a task that quits: its children outlive it. */
    void stopChildren() {
        halted = true;
        Children all = children;
        if (all != null) {
            all.stop();
        }
    }

    /** The task has quit: whoever would have stopped it stops its children from now on. */
    void leaveChildren() {
        Children all = children;
        if (all != null) {
            all.orphan();
        }
    }

    private Children children() {
        Children all = children;
        if (all == null) {
            all = makeChildren();
            // Looked at after the store, as in hold(): whoever ends the task looks for children after it has ended.
            if (halted) {
                all.stop();
            } else if (ended()) {
                all.orphan();
            }
        }
        return all;
    }

    private synchronized Children makeChildren() {
        Children all = children;
        if (all == null) {
            all = new Children(core(), heir());
            children = all;
        }
        return all;
    }

    @Override
    public <C> void startInTurn(StreamKey<C> stream, Object tag, ActivityFactory<C> childFactory) {
        children().startInTurn(stream, tag, childFactory);
    }

    @Override
    public boolean dropQueued(StreamKey<?> stream, Object tag) {
        Children all = children;
        return all != null && all.dropQueued(stream, tag);
    }

    @Override
    public List<Object> tags(StreamKey<?> stream) {
        Children all = children;
        return all == null ? List.of() : all.tags(stream);
    }

    @Override
    public boolean idle(StreamKey<?> stream) {
        Children all = children;
        return all == null || all.idle(stream);
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
