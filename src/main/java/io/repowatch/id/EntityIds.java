package io.repowatch.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Entity ids as the wire carries them. Ids of named entities are derived from the name (RFC 4122, version 5), so that client
 * and server know them without asking (registry specification, section 1.2).
 */
public final class EntityIds {

    /** The number of bytes on the wire. */
    public static final int BYTES = 16;

    /** The id that is all zero: "not given" in requests. */
    public static final UUID NIL = new UUID(0, 0);

    private static final UUID NAMESPACE = UUID.fromString("ecb02ec6-006d-429f-a378-9392612f9c61");

    private EntityIds() {}

    /** The id of the one main history. */
    public static UUID main() {
        return named("fsomain:main");
    }

    /** The id of the registry called {@code name}. */
    public static UUID registry(String name) {
        return named("fsoreg:" + name);
    }

    /** The id of the ephemeral workflow index of the registry called {@code name}. */
    public static UUID workflowIndex(String name) {
        return named("fsoregephwfl:" + name);
    }

    /** The id of the durable broadcast channel called {@code channel}. */
    public static UUID broadcast(String channel) {
        return named("broadcast:" + channel);
    }

    /**
     * Reads the wire form.
     *
     * @throws IllegalArgumentException if there are not exactly 16 bytes
     */
    public static UUID of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an entity id has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** The 16 bytes of the wire form, in a new array. */
    public static byte[] toBytes(UUID id) {
        return ByteBuffer.allocate(BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static UUID named(String name) {
        MessageDigest sha1;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
        sha1.update(toBytes(NAMESPACE));
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
        long hi = hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x5000L;
        long lo = hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(hi, lo);
    }
}
