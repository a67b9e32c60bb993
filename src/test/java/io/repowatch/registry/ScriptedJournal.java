package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

/** A journal in memory whose disk the test controls: appends wait until they are let through or fail; reads are counted. */
final class ScriptedJournal implements Journal {
    final MemoryJournal memory = new MemoryJournal();
    final List<List<Append>> appends = new ArrayList<>();
    final List<StreamId> reads = new ArrayList<>();
    final AtomicLong changesRequested = new AtomicLong();
    final AtomicLong feeds = new AtomicLong();
    final AtomicLong delivered = new AtomicLong();
    private final AtomicLong openReads = new AtomicLong();
    private final Deque<Waiting> waiting = new ConcurrentLinkedDeque<>();
    private boolean holding;

    private record Waiting(List<Append> appends, MonoSink<Long> sink) {}

    /** From now on appends wait. */
    void hold() {
        holding = true;
    }

    /** Appends go through at once again. */
    void flow() {
        holding = false;
        while (!waiting.isEmpty()) {
            let();
        }
    }

    /** How many reads of streams are neither complete nor cancelled. */
    long openReads() {
        return openReads.get();
    }

    int waiting() {
        return waiting.size();
    }

    /** Lets the first waiting append through. */
    void let() {
        Waiting next = waiting.remove();
        memory.append(next.appends).subscribe(next.sink::success, next.sink::error);
    }

    /** Fails the first waiting append, as a disk would. */
    void fail() {
        fail(new JournalException("the disk said no"));
    }

    /** Fails the first waiting append in this way. */
    void fail(JournalException how) {
        waiting.remove().sink.error(how);
    }

    /** Stores the first waiting append, but whoever waits for it never hears of that. */
    void loseTheAnswer() {
        memory.append(waiting.remove().appends).subscribe();
    }

    @Override
    public Mono<Long> append(List<Append> parts) {
        return Mono.create(sink -> {
            appends.add(parts);
            waiting.add(new Waiting(parts, sink));
            if (!holding) {
                let();
            }
        });
    }

    @Override
    public Flux<StoredEvent> read(StreamId stream, Vid after) {
        return Flux.defer(() -> {
            reads.add(stream);
            openReads.incrementAndGet();
            return memory.read(stream, after)
                    .doOnNext(event -> delivered.incrementAndGet())
                    .doFinally(end -> openReads.decrementAndGet());
        });
    }

    @Override
    public Mono<Vid> tail(StreamId stream) {
        return memory.tail(stream);
    }

    @Override
    public Flux<Change> changes(long position) {
        return memory.changes(position)
                .doOnSubscribe(subscription -> feeds.incrementAndGet())
                .doOnRequest(n -> changesRequested.accumulateAndGet(n, Operators::addCap));
    }

    @Override
    public Flux<Change> changesNow(long position) {
        return memory.changesNow(position);
    }

    @Override
    public long position() {
        return memory.position();
    }

    @Override
    public Vid newest() {
        return memory.newest();
    }

    @Override
    public Flux<StreamId> streams(byte category) {
        return memory.streams(category);
    }

    @Override
    public void close() {
        memory.close();
    }
}
