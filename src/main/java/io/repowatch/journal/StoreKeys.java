package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/**
 * The keys of format version 1. Numbers are big-endian and never negative, so the order of the bytes is the order of the
 * numbers and a stream's events lie side by side.
 */
final class StoreKeys {
    static final byte CHANGE = 'c';
    static final byte EVENT = 'e';
    static final byte HEAD = 'h';
    static final byte PLACE = 'p';
    static final byte TAIL = 't';
    private static final int STREAM_BYTES = 17;

    private StoreKeys() {}

    /** The position and the greatest event id of the whole journal. */
    static byte[] head() {
        return new byte[] {HEAD};
    }

    /** What the append at a position changed. */
    static byte[] change(long position) {
        return ByteBuffer.allocate(9).put(CHANGE).putLong(position).array();
    }

    /** A key beyond those of all changes. */
    static byte[] changesEnd() {
        return new byte[] {CHANGE + 1};
    }

    /** The event at a place of a stream, counted from 0. */
    static byte[] event(StreamId stream, long place) {
        return start(EVENT, stream, Long.BYTES).putLong(place).array();
    }

    /** Makes the key of an event that of another one of the same stream. */
    static void setPlace(byte[] key, long place) {
        ByteBuffer.wrap(key).putLong(1 + STREAM_BYTES, place);
    }

    /** The place of the event with this id. */
    static byte[] place(StreamId stream, Vid id) {
        return start(PLACE, stream, Vid.BYTES).putLong(id.hi()).putLong(id.lo()).array();
    }

    /** The end of a stream. */
    static byte[] tail(StreamId stream) {
        return start(TAIL, stream, 0).array();
    }

    /** A key before those of all tails of a category. */
    static byte[] tails(byte category) {
        return new byte[] {TAIL, category};
    }

    /** A key beyond those of all tails of a category. */
    static byte[] tailsEnd(byte category) {
        return category == -1 ? new byte[] {TAIL + 1} : new byte[] {TAIL, (byte) (category + 1)};
    }

    /** The position that the key of a change names. */
    static long position(byte[] changeKey) {
        return ByteBuffer.wrap(changeKey).getLong(1);
    }

    /** The stream that the key of a tail, an event or a place names. */
    static StreamId stream(byte[] key) {
        return readStream(ByteBuffer.wrap(key, 1, STREAM_BYTES));
    }

    /** The place that the key of an event names. */
    static long place(byte[] eventKey) {
        return ByteBuffer.wrap(eventKey).getLong(1 + STREAM_BYTES);
    }

    /** The event that the key of a place names. */
    static Vid id(byte[] placeKey) {
        return readVid(ByteBuffer.wrap(placeKey, 1 + STREAM_BYTES, Vid.BYTES));
    }

    /** Whether a key is one that this format has. */
    static boolean isWellFormed(byte[] key) {
        return switch (key.length == 0 ? 0 : key[0]) {
            case CHANGE -> key.length == 1 + Long.BYTES;
            case EVENT -> key.length == 1 + STREAM_BYTES + Long.BYTES;
            case PLACE -> key.length == 1 + STREAM_BYTES + Vid.BYTES;
            case TAIL -> key.length == 1 + STREAM_BYTES;
            case HEAD -> key.length == 1;
            default -> false;
        };
    }

    /** The least key beyond this one. */
    static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** What a message calls the record of this key. */
    static String describe(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key);
        return switch (buffer.get()) {
            case CHANGE -> "the change record of position " + buffer.getLong();
            case EVENT -> {
                StreamId stream = readStream(buffer);
                yield "event number " + (buffer.getLong() + 1) + " of stream " + stream;
            }
            case PLACE -> {
                StreamId stream = readStream(buffer);
                yield "the index entry of event " + readVid(buffer) + " of stream " + stream;
            }
            // A list of streams begins at a key that names none.
            case TAIL ->
                buffer.remaining() < STREAM_BYTES
                        ? "the tail records"
                        : "the tail record of stream " + readStream(buffer);
            case HEAD -> "the head record";
            default -> "the first record";
        };
    }

    static void writeStream(ByteBuffer buffer, StreamId stream) {
        buffer.put(stream.category())
                .putLong(stream.entity().getMostSignificantBits())
                .putLong(stream.entity().getLeastSignificantBits());
    }

    static StreamId readStream(ByteBuffer buffer) {
        return new StreamId(buffer.get(), new UUID(buffer.getLong(), buffer.getLong()));
    }

    static Vid readVid(ByteBuffer buffer) {
        return new Vid(buffer.getLong(), buffer.getLong());
    }

    private static ByteBuffer start(byte kind, StreamId stream, int rest) {
        ByteBuffer buffer = ByteBuffer.allocate(1 + STREAM_BYTES + rest).put(kind);
        writeStream(buffer, stream);
        return buffer;
    }
}
