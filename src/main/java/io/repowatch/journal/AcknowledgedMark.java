package io.repowatch.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers beside the store how many appends were acknowledged. A log file that lost its end looks to the store like one
 * whose last write was torn, and it would go on without what is missing; this mark knows better. It is written in place after
 * each sync and not synced itself: behind the store is normal after a crash, ahead of it never. Used by one thread at a time.
 */
final class AcknowledgedMark implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AcknowledgedMark.class);
    private static final int BYTES = Long.BYTES + Integer.BYTES;

    private final Path path;
    // Not a channel: an interrupt in a caller's code would close it for ever.
    private final RandomAccessFile file;
    private long written = -1;

    private AcknowledgedMark(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static AcknowledgedMark open(Path path) {
        try {
            return new AcknowledgedMark(path, new RandomAccessFile(path.toFile(), "rw"));
        } catch (IOException e) {
            throw new JournalException("cannot open " + path + ": " + e.getMessage(), e);
        }
    }

    /** The acknowledged position; empty if the file is missing or damaged, which costs only this check. */
    static OptionalLong read(Path path) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(path));
            if (buffer.remaining() == BYTES) {
                long position = buffer.getLong();
                if (buffer.getInt() == checksum(position)) {
                    return OptionalLong.of(position);
                }
            }
            LOG.warn("{} is damaged; whether the end of the journal is complete cannot be checked", path);
        } catch (IOException e) {
            LOG.warn("cannot read {}; whether the end of the journal is complete cannot be checked", e.toString());
        }
        return OptionalLong.empty();
    }

    /** Writes the mark anew, whatever state it was in: what an opened store holds is on disk. */
    void begin(long position) {
        try {
            file.setLength(BYTES);
            advance(position);
        } catch (IOException e) {
            // The next append tries again, and is refused if it fails too.
            LOG.warn("cannot write {}", path, e);
        }
    }

    /** Stores the position of the newest acknowledged append. */
    void advance(long position) throws IOException {
        if (position != written) {
            file.seek(0);
            file.write(ByteBuffer.allocate(BYTES)
                    .putLong(position)
                    .putInt(checksum(position))
                    .array());
            written = position;
        }
    }

    private static int checksum(long position) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, position));
        return (int) checksum.getValue();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    @Override
    public void close() {
        try (file) {
            file.getFD().sync();
        } catch (IOException e) {
            LOG.warn("cannot close {}", path, e);
        }
    }
}
