package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The values of format version 1. Each ends with a CRC-32C over its key and its content: a record that was damaged, or that
 * stands under a wrong key, is refused and never served.
 */
final class StoreRecords {
    private static final int CHECKSUM_BYTES = Integer.BYTES;
    private static final int CHANGE_BYTES = 17 + Vid.BYTES;

    private StoreRecords() {}

    /** The head of the journal: how many appends it has, and the greatest event id. */
    record Head(long position, Vid newest) {
        static final Head EMPTY = new Head(0, Vid.EPOCH);
    }

    static byte[] head(byte[] key, Head head) {
        ByteBuffer buffer = content(Long.BYTES + Vid.BYTES).putLong(head.position());
        return sealed(key, writeVid(buffer, head.newest()));
    }

    static Head head(byte[] key, byte[] value) {
        ByteBuffer buffer = unsealed(key, value);
        return new Head(buffer.getLong(), StoreKeys.readVid(buffer));
    }

    static byte[] tail(byte[] key, Tail tail) {
        ByteBuffer buffer = writeVid(content(Vid.BYTES + Long.BYTES), tail.vid());
        return sealed(key, buffer.putLong(tail.count()));
    }

    static Tail tail(byte[] key, byte[] value) {
        ByteBuffer buffer = unsealed(key, value);
        return new Tail(StoreKeys.readVid(buffer), buffer.getLong());
    }

    static byte[] place(byte[] key, long place) {
        return sealed(key, content(Long.BYTES).putLong(place));
    }

    static long place(byte[] key, byte[] value) {
        return unsealed(key, value).getLong();
    }

    static byte[] event(byte[] key, StoredEvent event) {
        ByteBuffer buffer = content(Vid.BYTES + event.body().length);
        return sealed(key, writeVid(buffer, event.id()).put(event.body()));
    }

    static StoredEvent event(byte[] key, byte[] value) {
        return event(key, value, value.length);
    }

    /** The event in the first {@code length} bytes of a buffer. */
    static StoredEvent event(byte[] key, byte[] buffer, int length) {
        ByteBuffer content = unsealed(key, buffer, length);
        Vid id = StoreKeys.readVid(content);
        return new StoredEvent(id, Arrays.copyOfRange(buffer, content.position(), content.limit()));
    }

    static byte[] changes(byte[] key, List<Change> changes) {
        ByteBuffer buffer = content(changes.size() * CHANGE_BYTES);
        for (Change change : changes) {
            StoreKeys.writeStream(buffer, change.stream());
            writeVid(buffer, change.tail());
        }
        return sealed(key, buffer);
    }

    static List<Change> changes(byte[] key, byte[] value) {
        long position = StoreKeys.position(key);
        ByteBuffer buffer = unsealed(key, value);
        List<Change> changes = new ArrayList<>();
        while (buffer.hasRemaining()) {
            StreamId stream = StoreKeys.readStream(buffer);
            changes.add(new Change(position, stream, StoreKeys.readVid(buffer)));
        }
        return changes;
    }

    private static ByteBuffer content(int bytes) {
        return ByteBuffer.allocate(bytes + CHECKSUM_BYTES);
    }

    private static ByteBuffer writeVid(ByteBuffer buffer, Vid vid) {
        return buffer.putLong(vid.hi()).putLong(vid.lo());
    }

    // The array is the whole buffer: content() makes no other.
    @SuppressWarnings("ByteBufferBackingArray")
    private static byte[] sealed(byte[] key, ByteBuffer content) {
        return content.putInt(checksum(key, content.array(), content.capacity()))
                .array();
    }

    private static ByteBuffer unsealed(byte[] key, byte[] value) {
        return unsealed(key, value, value.length);
    }

    private static ByteBuffer unsealed(byte[] key, byte[] value, int length) {
        int end = length - CHECKSUM_BYTES;
        ByteBuffer content = ByteBuffer.wrap(value, 0, length);
        if (end <= 0 || content.getInt(end) != checksum(key, value, length)) {
            throw JournalException.damaged(StoreKeys.describe(key) + " fails its checksum");
        }
        return content.limit(end);
    }

    private static int checksum(byte[] key, byte[] value, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(key);
        checksum.update(value, 0, length - CHECKSUM_BYTES);
        return (int) checksum.getValue();
    }
}
