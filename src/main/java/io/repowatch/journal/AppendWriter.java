package io.repowatch.journal;

import io.repowatch.journal.StoreRecords.Head;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: it takes all appends that wait, makes them durable with one sync, and only then tells the
 * callers and the feeds. After a write that failed nobody knows what is on the disk, so it refuses everything until the
 * journal is opened again. {@link #submit} never blocks and may be called from any thread.
 */
final class AppendWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AppendWriter.class);

    private final StoredStreams streams;
    private final KnownTails known = new KnownTails();
    private final RecentAppends recent;
    private final DurableWrite durable;
    private final AcknowledgedMark mark;
    private final Runnable announce;
    private final long groupBytes;
    private final Thread thread = new Thread(this::run, "repowatch-journal");
    private final Queue<PendingAppend> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong appends = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile Head head;
    private volatile boolean waiting;
    private volatile boolean closing;
    private volatile boolean ended;
    private @Nullable Throwable failure;

    AppendWriter(
            StoredStreams streams,
            RecentAppends recent,
            DurableWrite durable,
            AcknowledgedMark mark,
            Head head,
            Runnable announce,
            long groupBytes) {
        this.streams = streams;
        this.recent = recent;
        this.durable = durable;
        this.mark = mark;
        this.head = head;
        this.announce = announce;
        this.groupBytes = groupBytes;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** What is durable. */
    Head head() {
        return head;
    }

    /** How often something was synced since the start. */
    long syncs() {
        return syncs.get();
    }

    JournalStats stats() {
        return new JournalStats(appends.get(), syncs.get(), bytes.get());
    }

    /** How many appends wait that no group has taken yet. */
    int waiting() {
        return queue.size();
    }

    void submit(PendingAppend append) {
        if (closing) {
            append.refuse(JournalException.closed());
            append.settle();
            return;
        }
        queue.add(append);
        if (waiting) {
            LockSupport.unpark(thread);
        }
        if (ended) {
            // It may have come too late for the thread to see it.
            refuseRest();
        }
    }

    /** Lets what was submitted before become durable or fail, then ends the thread. Blocks. */
    void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("close() on the journal's own thread would wait for itself");
        }
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            boolean last = closing;
            PendingAppend first = queue.poll();
            if (first != null) {
                writeGroup(first);
            } else if (last) {
                break;
            } else {
                rest();
            }
        }
        ended = true;
        refuseRest();
    }

    private void rest() {
        waiting = true;
        if (queue.isEmpty() && !closing) {
            LockSupport.park(this);
        }
        waiting = false;
    }

    private void refuseRest() {
        for (PendingAppend append = queue.poll(); append != null; append = queue.poll()) {
            append.refuse(JournalException.closed());
            append.settle();
        }
    }

    private void writeGroup(PendingAppend first) {
        List<PendingAppend> taken = new ArrayList<>();
        try {
            if (failure == null) {
                write(first, taken);
            } else {
                taken.add(first);
            }
        } catch (Throwable e) {
            // Whatever it was: an append whose fate is unknown is not acknowledged, and the callers are told.
            failure = e;
            LOG.error("the journal cannot be written and refuses appends from now on", e);
        }
        Throwable reason = failure;
        if (reason == null) {
            acknowledge();
        } else {
            taken.forEach(append -> append.refuse(refusal(reason)));
        }
        taken.forEach(PendingAppend::settle);
    }

    private void acknowledge() {
        try {
            mark.advance(head.position());
        } catch (IOException e) {
            // This group is durable all the same; the next one would be no longer guarded.
            failure = e;
            LOG.error("the journal cannot write {} and refuses appends from now on", mark, e);
        }
        announce.run();
    }

    private void write(PendingAppend first, List<PendingAppend> taken) throws RocksDBException {
        try (AppendGroup group = new AppendGroup(streams, known, recent, head)) {
            long bytes = 0;
            boolean anything = false;
            PendingAppend next = first;
            while (next != null) {
                taken.add(next);
                decide(next, group);
                anything |= next.isAccepted();
                bytes += next.bytes();
                next = bytes < groupBytes ? queue.poll() : null;
            }
            if (anything) {
                Head written = group.write(durable);
                syncs.incrementAndGet();
                count(taken);
                head = written;
            }
        }
    }

    private void count(List<PendingAppend> written) {
        for (PendingAppend append : written) {
            if (append.isAccepted()) {
                appends.incrementAndGet();
                bytes.addAndGet(append.bytes());
            }
        }
    }

    private static void decide(PendingAppend append, AppendGroup group) throws RocksDBException {
        Decision decision;
        try {
            decision = Decision.of(append.appends(), group);
        } catch (RuntimeException e) {
            append.refuse(e);
            return;
        }
        append.accept(group.add(decision));
    }

    private static JournalException refusal(Throwable reason) {
        JournalException.Kind kind = JournalException.kindOf(reason);
        String what = kind == JournalException.Kind.FULL
                ? "the disk is full; reads still work; make room, then open the journal again"
                : "reads still work; repair the disk, then open the journal again";
        return new JournalException(
                // A failed write says nothing about what was stored before.
                kind == JournalException.Kind.FULL ? kind : JournalException.Kind.UNAVAILABLE,
                "the journal refuses appends because a write failed: " + reason.getMessage() + "; " + what
                        + " (a restart of the service does that)",
                reason);
    }
}
