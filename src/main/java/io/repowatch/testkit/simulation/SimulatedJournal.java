package io.repowatch.testkit.simulation;

import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The journal of one registry process, on a {@link Disk} that takes its time and may refuse: appends that wait together share
 * a sync, are answered and shown only after it, and are lost or there, whole, when the process dies meanwhile. After a failed
 * sync it refuses everything until it is opened again, as the embedded journal does.
 */
class SimulatedJournal implements Journal {
    private static final int MOST_SYNC_MILLIS = 20;

    private final Disk disk;
    private final MemoryJournal shown;
    private final ProcessScheduler process;
    private final Dice dice;
    private final Faults faults;
    private final Runnable onBroken;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private List<Waiting> writing = List.of();
    private boolean broken;

    SimulatedJournal(Disk disk, ProcessScheduler process, Dice dice, Faults faults, Runnable onBroken) {
        this.disk = disk;
        this.shown = disk.opened();
        this.process = process;
        this.dice = dice;
        this.faults = faults;
        this.onBroken = onBroken;
    }

    /** An append on its way to the disk. */
    static final class Waiting {
        final List<Append> parts;
        private final MonoSink<Long> caller;
        private boolean shown;

        Waiting(List<Append> parts, MonoSink<Long> caller) {
            this.parts = parts;
            this.caller = caller;
        }
    }

    @Override
    public Mono<Long> append(List<Append> appends) {
        return Mono.create(caller -> {
            if (broken) {
                caller.error(refusal());
                return;
            }
            queue.add(new Waiting(List.copyOf(appends), caller));
            if (writing.isEmpty()) {
                process.schedule(this::writeNext);
            }
        });
    }

    private static JournalException refusal() {
        return new JournalException("the disk has refused a sync; open the journal again");
    }

    private void writeNext() {
        if (!writing.isEmpty() || queue.isEmpty() || broken) {
            return;
        }
        writing = new ArrayList<>(queue);
        queue.clear();
        write(writing);
    }

    /** Begins to write a group; it is neither safe nor seen before the sync. */
    void write(List<Waiting> group) {
        process.after(dice.millis(MOST_SYNC_MILLIS), () -> synced(group));
    }

    private void synced(List<Waiting> group) {
        if (faults.happens(Fault.SYNC_FAILED, 150)) {
            breakDown();
            return;
        }
        writing = List.of();
        for (Waiting append : group) {
            Throwable refused = store(append.parts);
            if (refused == null) {
                show(append);
                append.caller.success(shown.position());
            } else {
                append.caller.error(refused);
            }
        }
        writeNext();
    }

    /** Makes one append durable; why not, if the disk does not take it. */
    @Nullable
    Throwable store(List<Append> parts) {
        return disk.put(parts);
    }

    ProcessScheduler process() {
        return process;
    }

    /** Lets everybody see what is durable. */
    final void show(Waiting append) {
        if (append.shown) {
            return;
        }
        append.shown = true;
        Throwable error = Sync.error(shown.append(append.parts));
        if (error != null) {
            throw new IllegalStateException("the journal shows something else than the disk holds", error);
        }
    }

    private void breakDown() {
        broken = true;
        List<Waiting> all = new ArrayList<>(writing);
        all.addAll(queue);
        queue.clear();
        leaveSomeOnDisk();
        all.forEach(append -> append.caller.error(refusal()));
        onBroken.run();
    }

    /** The process dies, or the disk has refused: of what was being written the first few may be there. */
    void leaveSomeOnDisk() {
        for (Waiting append : writing) {
            if (!dice.oneIn(2) || store(append.parts) != null) {
                break;
            }
            faults.count(Fault.APPEND_UNACKNOWLEDGED);
        }
        writing = List.of();
    }

    @Override
    public Flux<StoredEvent> read(StreamId stream, Vid after) {
        return shown.read(stream, after);
    }

    @Override
    public Mono<Vid> tail(StreamId stream) {
        return shown.tail(stream);
    }

    @Override
    public Flux<Change> changes(long position) {
        return shown.changes(position);
    }

    @Override
    public List<StoredEvent> brought(Change change) {
        return shown.brought(change);
    }

    @Override
    public long position() {
        return shown.position();
    }

    @Override
    public Vid newest() {
        return shown.newest();
    }

    @Override
    public Flux<StreamId> streams(byte category) {
        return shown.streams(category);
    }

    @Override
    public void close() {
        shown.close();
    }
}
