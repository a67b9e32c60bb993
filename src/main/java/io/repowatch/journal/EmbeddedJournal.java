package io.repowatch.journal;

import io.repowatch.id.Vid;
import io.repowatch.journal.StoreRecords.Head;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A journal in a directory of this machine, kept by RocksDB. Thread-safe. One process at a time may have it open.
 *
 * <p>Appends are written by one thread of the journal's own, and answered on it: who does more with the answer than a few
 * steps moves to another thread, and nobody may block there. Reads, tails and feeds are served on the scheduler of the
 * {@link EmbeddedConfig}. If a write fails, all later appends fail with {@link JournalException} until the journal is opened
 * again; reads go on. Damaged records are never served: what reads them from the disk fails with a {@link JournalException}
 * that names them. After {@link #close()} everything but {@link #position()}, {@link #newest()} and {@link #brought} fails with
 * {@link JournalException}, and feeds that were open complete; what they had not yet delivered follows from the last position
 * when opened again.
 */
public final class EmbeddedJournal implements Journal {
    private final JournalDirectory directory;
    private final RocksStore store;
    private final AcknowledgedMark mark;
    private final AppendWriter writer;
    private final ChangeFeed feed;
    private final StoredStreams streams;
    private final RecentAppends recent;
    private final Scheduler reads;
    private final Object closing = new Object();

    private EmbeddedJournal(
            JournalDirectory directory, RocksStore store, EmbeddedConfig config, DurableWrite durable, Head head) {
        this.directory = directory;
        this.store = store;
        reads = config.reads();
        streams = new StoredStreams(store);
        recent = new RecentAppends(config.recentBytes());
        mark = AcknowledgedMark.open(directory.mark());
        mark.begin(head.position());
        feed = new ChangeFeed(new StoredChanges(store, recent, this::position), this::position, reads);
        writer = new AppendWriter(streams, recent, durable, mark, head, feed::announce, config.groupBytes());
        writer.start();
    }

    /**
     * Opens the journal of a directory, or makes one if the directory is missing or empty. Blocks.
     *
     * @throws JournalException if another process or another journal of this one has it open; if it is not a journal, or one
     *     of a newer format; if something is damaged or missing. The message names it and says what to do
     */
    public static EmbeddedJournal open(Path directory, EmbeddedConfig config) {
        return open(directory, config, durable -> durable);
    }

    /** As above, with something put around the durable writes. */
    static EmbeddedJournal open(Path path, EmbeddedConfig config, UnaryOperator<DurableWrite> around) {
        JournalDirectory directory = JournalDirectory.open(path, fresh -> makeStore(fresh, config));
        try {
            inspect(directory, config);
            RocksStore store = RocksStore.open(directory.store(), config);
            try {
                Head head = readHead(directory, store);
                return new EmbeddedJournal(directory, store, config, around.apply(store), head);
            } catch (RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Refuses what is damaged before the store tidies up its files: who finds a lost one can still put it back. */
    private static void inspect(JournalDirectory directory, EmbeddedConfig config) {
        try (RocksStore store = RocksStore.inspect(directory.store(), config)) {
            Head head = readHead(directory, store);
            OptionalLong acknowledged = AcknowledgedMark.read(directory.mark());
            if (acknowledged.isPresent() && acknowledged.getAsLong() > head.position()) {
                throw damaged(
                        directory,
                        "it ends at position " + head.position() + ", but position " + acknowledged.getAsLong()
                                + " was acknowledged (to go on without what is missing, delete " + directory.mark()
                                + ")");
            }
        }
    }

    private static void makeStore(Path path, EmbeddedConfig config) {
        try (RocksStore store = RocksStore.create(path, config);
                WriteBatch batch = new WriteBatch()) {
            byte[] key = StoreKeys.head();
            batch.put(key, StoreRecords.head(key, Head.EMPTY));
            store.write(batch);
        } catch (RocksDBException e) {
            throw new JournalException("cannot make the store " + path + ": " + e.getMessage(), e);
        }
    }

    private static Head readHead(JournalDirectory directory, RocksStore store) {
        byte[] key = StoreKeys.head();
        byte[] value = store.get(key);
        if (value == null) {
            throw damaged(directory, "its head record is missing");
        }
        Head head = StoreRecords.head(key, value);
        byte[] lastChange = store.keyUpTo(StoreKeys.changesEnd());
        byte[] expected = head.position() == 0 ? null : StoreKeys.change(head.position());
        if (!Arrays.equals(lastChange, expected)) {
            throw damaged(directory, "its last change record is not that of position " + head.position());
        }
        return head;
    }

    private static JournalException damaged(JournalDirectory directory, String what) {
        return new JournalException(
                JournalException.Kind.DAMAGED,
                "the journal " + directory.path() + " is damaged: " + what + "; restore the directory from a backup",
                null);
    }

    @Override
    public Mono<Long> append(List<Append> appends) {
        List<Append> parts = List.copyOf(appends);
        return Mono.create(caller -> writer.submit(new PendingAppend(parts, caller)));
    }

    @Override
    public Flux<StoredEvent> read(StreamId stream, Vid after) {
        return new PagedFlux<>(() -> new StreamPages(store, recent, stream, after), reads);
    }

    @Override
    public Flux<List<StoredEvent>> readPages(StreamId stream, Vid after) {
        return new PagedFlux<>(() -> new WholePages<>(new StreamPages(store, recent, stream, after)), reads);
    }

    @Override
    public Mono<Vid> tail(StreamId stream) {
        return Mono.fromSupplier(() -> streams.tail(stream).vid()).subscribeOn(reads);
    }

    @Override
    public Flux<Change> changes(long position) {
        return feed.after(position);
    }

    @Override
    public Flux<Change> changesNow(long position) {
        return feed.now(position);
    }

    @Override
    public List<StoredEvent> brought(Change change) {
        return recent.events(change);
    }

    @Override
    public long position() {
        return writer.head().position();
    }

    @Override
    public Vid newest() {
        return writer.head().newest();
    }

    @Override
    public Flux<StreamId> streams(byte category) {
        return new PagedFlux<>(() -> new StreamIdPages(store, category), reads);
    }

    /** What was written since the journal was opened; cheap. */
    public JournalStats stats() {
        return writer.stats();
    }

    /** How often something was synced since the journal was opened. */
    long syncs() {
        return writer.syncs();
    }

    /** How often single records were read since the journal was opened. */
    long storeGets() {
        return store.gets();
    }

    /** How often records were read one after the other since the journal was opened. */
    long storeScans() {
        return store.scans();
    }

    /** How many appends wait that no group has taken yet. */
    int waitingAppends() {
        return writer.waiting();
    }

    @Override
    public void close() {
        synchronized (closing) {
            if (store.isClosed()) {
                return;
            }
            writer.close();
            feed.close();
            store.close();
            mark.close();
            directory.close();
        }
    }
}
