package io.repowatch.journal;

import io.repowatch.journal.StoreRecords.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Copies the journal of a directory, also while another process has it open and appends to it. The copy is the journal as it was at one
 * moment after {@link #begin}: it has every append that was acknowledged before, each whole, and none without those before it. Every
 * record is read and checked on the way, so a copy exists only of what is undamaged. Nothing in the source is changed, and
 * no process is asked or held up.
 *
 * <p>Until {@link #finish} the copy is marked as unfinished: neither a journal nor another copy is made of it. Every method blocks.
 * For one thread.
 */
public final class JournalCopy {
    static final String UNFINISHED = "UNFINISHED";

    private static final String NOTES = "notes";
    private static final long BUFFER_BYTES = 4 << 20;
    private static final long CACHE_BYTES = 8 << 20;
    private static final int RECORDS = 1_000;
    private static final int BATCH_BYTES = 1 << 20;
    private static final int ATTEMPTS = 20;

    /** The same complaint as often as this in a row is about the source, not about a file that went between two looks. */
    private static final int SAME_COMPLAINTS = 3;

    private static final long PAUSE_NANOS = 20_000_000;
    private static final byte[] FIRST_KEY = {0};
    private static final byte[] BEYOND_ALL_KEYS = {-1};

    private final Path source;
    private final Path target;
    private final long acknowledged;

    private JournalCopy(Path source, Path target, long acknowledged) {
        this.source = source;
        this.target = target;
        this.acknowledged = acknowledged;
    }

    /**
     * Looks at the source, and marks the target as unfinished.
     *
     * @param source the directory of a journal
     * @param target a directory that is missing or empty
     * @throws JournalException if the source is none that can be read, or the target is in use; nothing was changed then
     */
    public static JournalCopy begin(Path source, Path target) {
        try {
            requireJournal(source);
            long acknowledged = acknowledged(source);
            requireEmpty(target);
            Files.createDirectories(target);
            Files.createFile(target.resolve(UNFINISHED));
            FormatMarker.sync(target);
            return new JournalCopy(source, target, acknowledged);
        } catch (IOException e) {
            throw new JournalException("cannot copy the journal " + source + " to " + target + ": " + e, e);
        }
    }

    private static void requireJournal(Path source) throws IOException {
        if (Files.exists(source.resolve(UNFINISHED))) {
            throw unfinished(source);
        }
        if (!Files.exists(source.resolve(FormatMarker.NAME))) {
            throw new JournalException(source + " is not a journal: it has no file " + FormatMarker.NAME
                    + "; name the directory that Repowatch keeps its data in");
        }
        FormatMarker.check(source);
    }

    private static long acknowledged(Path source) {
        Path mark = source.resolve(JournalDirectory.MARK);
        for (int attempt = 0; attempt < SAME_COMPLAINTS; attempt++) {
            OptionalLong position = AcknowledgedMark.read(mark);
            if (position.isPresent()) {
                return position.getAsLong();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new JournalException(
                JournalException.Kind.DAMAGED,
                mark + " is missing or damaged, so nobody can tell whether a copy has everything; start Repowatch on"
                        + " that directory, which writes it anew, then try again",
                null);
    }

    private static void requireEmpty(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new JournalException(target + " is not a directory; name one that does not exist yet");
        }
        List<String> names = JournalDirectory.names(target);
        if (names.contains(UNFINISHED)) {
            throw unfinished(target);
        }
        if (!names.isEmpty()) {
            throw new JournalException(target + " is not empty: it contains \"" + names.get(0)
                    + "\"; name a directory that is empty or does not exist yet");
        }
    }

    static JournalException unfinished(Path directory) {
        return new JournalException(directory + " is what a backup or restore left that did not finish (it contains \""
                + UNFINISHED + "\"); delete it, then make the backup or restore it again");
    }

    /**
     * Makes the copy.
     *
     * @return the position of its newest append
     * @throws JournalException if something in the source is damaged or missing, which the message names, or the target cannot be
     *     written
     */
    public long take() {
        @Nullable String complaint = null;
        int same = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt();
            } catch (JournalException e) {
                // The owner may have deleted a file between the look at the list of files and the look at the file.
                same = Objects.equals(e.getMessage(), complaint) ? same + 1 : 1;
                complaint = e.getMessage();
                if (same == SAME_COMPLAINTS || attempt == ATTEMPTS || e.kind() == JournalException.Kind.FULL) {
                    throw new JournalException(e.kind(), "cannot copy the journal " + source + ": " + complaint, e);
                }
            } catch (IOException | RocksDBException e) {
                throw new JournalException(
                        JournalException.kindOf(e), "cannot write the copy " + target + ": " + e.getMessage(), e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private long attempt() throws IOException, RocksDBException {
        Path fresh = target.resolve(JournalDirectory.STORE);
        Path notes = target.resolve(NOTES);
        JournalDirectory.delete(fresh);
        JournalDirectory.delete(notes);
        Files.createDirectory(notes);
        Head head;
        try (RocksStore from = RocksStore.watch(source.resolve(JournalDirectory.STORE), notes, settings(false))) {
            requireAcknowledged(from);
            try (RocksStore to = RocksStore.open(fresh, settings(true))) {
                head = copy(from, to);
            }
        }
        JournalDirectory.delete(notes);
        try (AcknowledgedMark mark = AcknowledgedMark.open(target.resolve(JournalDirectory.MARK))) {
            mark.advance(head.position());
        }
        FormatMarker.write(target);
        return head.position();
    }

    private static RocksSettings settings(boolean create) {
        return new RocksSettings(BUFFER_BYTES, CACHE_BYTES, create);
    }

    private void requireAcknowledged(RocksStore from) {
        byte[] key = StoreKeys.head();
        byte[] value = from.get(key);
        long position = value == null ? 0 : StoreRecords.head(key, value).position();
        if (position < acknowledged) {
            throw JournalException.damaged(
                    "it ends at position " + position + ", but position " + acknowledged + " was acknowledged");
        }
    }

    private static Head copy(RocksStore from, RocksStore to) throws RocksDBException {
        StoreCheck check = new StoreCheck(from);
        byte[] next = FIRST_KEY;
        while (true) {
            List<RocksStore.Entry> entries = from.scan(next, BEYOND_ALL_KEYS, RECORDS, BATCH_BYTES);
            if (entries.isEmpty()) {
                return check.end();
            }
            try (WriteBatch batch = new WriteBatch()) {
                for (RocksStore.Entry entry : entries) {
                    check.next(entry);
                    batch.put(entry.key(), entry.value());
                }
                to.write(batch);
            }
            byte[] last = entries.get(entries.size() - 1).key();
            next = StoreKeys.after(last);
        }
    }

    /** Makes the copy a journal like any other. */
    public void finish() {
        try {
            Files.delete(target.resolve(UNFINISHED));
            FormatMarker.sync(target);
        } catch (IOException e) {
            throw new JournalException("cannot finish the copy " + target + ": " + e, e);
        }
    }
}
