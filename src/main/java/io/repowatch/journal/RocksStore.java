package io.repowatch.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The key-value store below the embedded journal. Thread-safe. Every method blocks; a call holds the store open until it
 * returns, because the native memory behind it is gone once the store is closed. After {@link #close} everything fails with
 * {@link JournalException}.
 */
final class RocksStore implements DurableWrite, AutoCloseable {
    private static final long STALL_NANOS = 1_000_000;
    private static final int STALL_WAITS = 2_000;

    private static final long READ_AHEAD_BYTES = 64 << 10;

    /** Values are mostly shorter; for a longer one the buffer grows. */
    private static final int VALUE_BYTES = 4 << 10;

    private final Path directory;
    private final RocksSettings settings;
    private final RocksDB db;
    // A write that would have to wait comes back: only so can it fail when there is nothing to wait for.
    private final WriteOptions synced = new WriteOptions().setSync(true).setNoSlowdown(true);
    private final ReadOptions ahead = new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private final LongAdder gets = new LongAdder();
    private final LongAdder scans = new LongAdder();
    private volatile boolean closed;

    /** One record. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] key, byte[] value) {}

    private RocksStore(Path directory, RocksSettings settings, RocksDB db) {
        this.directory = directory;
        this.settings = settings;
        this.db = db;
    }

    /** Opens a store that must exist. */
    static RocksStore open(Path directory, EmbeddedConfig config) {
        return open(directory, new RocksSettings(config, false));
    }

    /** Opens a store that must exist, and changes nothing in it. */
    static RocksStore inspect(Path directory, EmbeddedConfig config) {
        return open(directory, new RocksSettings(config, false), RocksDB::openReadOnly);
    }

    /**
     * Opens for reading a store that another process may be writing to: what it held at one moment, whatever is written,
     * merged or deleted afterwards. Changes nothing in it.
     *
     * @param notes a directory for what the library writes about its work; the caller deletes it
     */
    static RocksStore watch(Path directory, Path notes, RocksSettings settings) {
        // All its files at once and for good: one that the other process deletes stays readable while it is open.
        settings.options().setMaxOpenFiles(-1);
        return open(directory, settings, (options, path) -> RocksDB.openAsSecondary(options, path, notes.toString()));
    }

    /** Makes a store in a directory that does not exist yet. */
    static RocksStore create(Path directory, EmbeddedConfig config) {
        return open(directory, new RocksSettings(config, true));
    }

    /** Opens a store, which then owns the settings. */
    static RocksStore open(Path directory, RocksSettings settings) {
        return open(directory, settings, RocksDB::open);
    }

    private static RocksStore open(Path directory, RocksSettings settings, Opening opening) {
        try {
            return new RocksStore(directory, settings, opening.open(settings.options(), directory.toString()));
        } catch (RocksDBException e) {
            settings.close();
            throw unopened(directory, e);
        }
    }

    private static JournalException unopened(Path directory, RocksDBException e) {
        JournalException.Kind kind = JournalException.kindOf(e);
        String advice = kind == JournalException.Kind.FULL
                ? "the disk is full and nothing was changed; make room, then try again"
                : "if files are damaged or missing, restore the directory from a backup";
        return new JournalException(
                kind, "cannot open the store " + directory + ": " + e.getMessage() + "; " + advice, e);
    }

    private interface Opening {
        RocksDB open(Options options, String path) throws RocksDBException;
    }

    /** The value of a key, null if there is none. */
    byte @Nullable [] get(byte[] key) {
        enter();
        try {
            gets.increment();
            return db.get(key);
        } catch (RocksDBException e) {
            throw unreadable(StoreKeys.describe(key), e);
        } finally {
            leave();
        }
    }

    /** The first records with {@code from <= key < to}, at least one if there are any, until a limit is reached. */
    List<Entry> scan(byte[] from, byte[] to, int maxRecords, int maxBytes) {
        enter();
        try (RocksIterator iterator = db.newIterator()) {
            List<Entry> entries = new ArrayList<>();
            int bytes = 0;
            iterator.seek(from);
            while (iterator.isValid() && entries.size() < maxRecords && bytes < maxBytes) {
                byte[] key = iterator.key();
                if (Arrays.compareUnsigned(key, to) >= 0) {
                    break;
                }
                Entry entry = new Entry(key, iterator.value());
                entries.add(entry);
                bytes += entry.value().length;
                iterator.next();
            }
            iterator.status();
            return entries;
        } catch (RocksDBException e) {
            throw unreadable("what follows " + StoreKeys.describe(from), e);
        } finally {
            leave();
        }
    }

    /** Takes values of consecutive records, each valid only while it is called. */
    interface Values {

        /** Takes the first {@code length} bytes; returns whether it wants the next ones. */
        boolean take(byte[] buffer, int length);
    }

    /**
     * Hands over the values of the records from a key on, until the reader has enough or nothing follows. What their keys are,
     * the reader has to know: a key costs as much as its value, and the values here are bound to their keys.
     *
     * @param many whether it will be so many that larger parts of the files should be read at once, and not be kept in memory
     *     in the place of what is read again
     */
    void values(byte[] from, boolean many, Values reader) {
        enter();
        try (RocksIterator iterator = many ? db.newIterator(ahead) : db.newIterator()) {
            scans.increment();
            byte[] buffer = new byte[VALUE_BYTES];
            iterator.seek(from);
            while (iterator.isValid()) {
                int length = iterator.value(buffer, 0, buffer.length);
                if (length > buffer.length) {
                    buffer = iterator.value();
                }
                if (!reader.take(buffer, length)) {
                    break;
                }
                iterator.next();
            }
            iterator.status();
        } catch (RocksDBException e) {
            throw unreadable("what follows " + StoreKeys.describe(from), e);
        } finally {
            leave();
        }
    }

    /** How often single records were read, for tests of that. */
    long gets() {
        return gets.sum();
    }

    /** How often the values of consecutive records were read, for tests of that. */
    long scans() {
        return scans.sum();
    }

    /** The greatest key that is at most {@code bound}, null if there is none. */
    byte @Nullable [] keyUpTo(byte[] bound) {
        enter();
        try (RocksIterator iterator = db.newIterator()) {
            iterator.seekForPrev(bound);
            iterator.status();
            return iterator.isValid() ? iterator.key() : null;
        } catch (RocksDBException e) {
            throw unreadable("the last change record", e);
        } finally {
            leave();
        }
    }

    /** Makes a batch durable, whole or not at all. */
    @Override
    public void write(WriteBatch batch) throws RocksDBException {
        enter();
        try {
            for (int waits = 0; !accepted(batch); waits++) {
                requireProgress(waits);
                LockSupport.parkNanos(STALL_NANOS);
            }
        } finally {
            leave();
        }
    }

    /**
     * The store lets writes wait while it sorts what it has into files. If that failed, on a full disk above all, they would
     * wait until it succeeds, which may be never.
     */
    private void requireProgress(int waits) throws RocksDBException {
        if (waits > 0 && waits % STALL_WAITS == 0 && db.getLongProperty("rocksdb.background-errors") > 0) {
            throw new RocksDBException(
                    "the files of the store in " + directory + " cannot be written",
                    new Status(Status.Code.IOError, isFull() ? Status.SubCode.NoSpace : Status.SubCode.None, null));
        }
    }

    /** A merge that failed has given its room back already; it needs as much as the files that it merges. */
    private boolean isFull() throws RocksDBException {
        long needed = 2 * settings.options().writeBufferSize() + db.getLongProperty("rocksdb.live-sst-files-size");
        try {
            return Files.getFileStore(directory).getUsableSpace() < needed;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean accepted(WriteBatch batch) throws RocksDBException {
        try {
            db.write(synced, batch);
            return true;
        } catch (RocksDBException e) {
            if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete) {
                return false;
            }
            throw e;
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** @throws JournalException if it is closed */
    void requireOpen() {
        if (closed) {
            throw JournalException.closed();
        }
    }

    private void enter() {
        open.readLock().lock();
        if (closed) {
            open.readLock().unlock();
            throw JournalException.closed();
        }
    }

    private void leave() {
        open.readLock().unlock();
    }

    private JournalException unreadable(String what, RocksDBException e) {
        return new JournalException(
                JournalException.kindOf(e),
                "cannot read " + what + " in " + directory + ": " + e.getMessage()
                        + "; if it is damaged, restore the directory from a backup",
                e);
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            db.close();
            synced.close();
            ahead.close();
            settings.close();
        } finally {
            open.writeLock().unlock();
        }
    }
}
