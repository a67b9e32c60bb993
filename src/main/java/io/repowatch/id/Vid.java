package io.repowatch.id;

import java.nio.ByteBuffer;

/**
 * The id of an event, and thereby the version of the stream that ends with it: 16 bytes, a ULID (48 bits of milliseconds
 * since the Unix epoch, then 80 bits). Order within a stream is the parent chain and nothing else: a foreign registry's ids
 * are not monotonic, so a {@code Vid} is deliberately not comparable. Immutable; may be shared.
 *
 * @param hi the first eight bytes, big-endian
 * @param lo the last eight bytes, big-endian
 */
public record Vid(long hi, long lo) {

    /** The version of an empty stream, and the parent of a first event: 16 zero bytes. */
    public static final Vid EPOCH = new Vid(0, 0);

    /** The number of bytes on the wire. */
    public static final int BYTES = 16;

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TEXT_LENGTH = 26;

    /**
     * Reads the wire form.
     *
     * @throws IllegalArgumentException if there are not exactly 16 bytes
     */
    public static Vid of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an event id has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Vid(buffer.getLong(), buffer.getLong());
    }

    /**
     * Reads the text form: 26 characters of Crockford's base 32, upper or lower case.
     *
     * @throws IllegalArgumentException if {@code text} is not such a text; the message names it
     */
    public static Vid parse(String text) {
        if (text.length() != TEXT_LENGTH || digit(text, 0) > 7) {
            throw malformed(text);
        }
        long hi = 0;
        long lo = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            hi = hi << 5 | lo >>> 59;
            lo = lo << 5 | digit(text, i);
        }
        return new Vid(hi, lo);
    }

    private static int digit(String text, int index) {
        int digit = DIGITS.indexOf(Character.toUpperCase(text.charAt(index)));
        if (digit < 0) {
            throw malformed(text);
        }
        return digit;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("not an event id: \"" + text + "\"; expected 26 characters of base 32");
    }

    /** The 16 bytes of the wire form, in a new array. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(hi).putLong(lo).array();
    }

    /** Whether this is {@link #EPOCH}. */
    public boolean isEpoch() {
        return hi == 0 && lo == 0;
    }

    /** When the event was made, in milliseconds since the Unix epoch, by the clock of the server that made it. */
    public long timestampMillis() {
        return hi >>> 16;
    }

    /** The text form, 26 characters of Crockford's base 32. */
    @Override
    public String toString() {
        char[] text = new char[TEXT_LENGTH];
        long high = hi;
        long low = lo;
        for (int i = TEXT_LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (low & 31));
            low = low >>> 5 | high << 59;
            high >>>= 5;
        }
        return new String(text);
    }
}
