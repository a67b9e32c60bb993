package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ids between their wire form and ours, with errors that say what was sent and by which call. */
final class WireIds {
    private WireIds() {}

    /** The id of an event or the version of a stream. */
    static Vid vid(ByteString bytes, Object origin, String field) {
        if (bytes.size() != Vid.BYTES) {
            throw new MalformedDataException(
                    origin + ": " + field + " has " + bytes.size() + " bytes, not " + Vid.BYTES);
        }
        return Vid.of(bytes.toByteArray());
    }

    /** Like {@link #vid}, but absent bytes are null. */
    static @Nullable Vid optionalVid(ByteString bytes, Object origin, String field) {
        return bytes.isEmpty() ? null : vid(bytes, origin, field);
    }

    /** The position to read after, as a request says it: absent for the epoch. */
    static ByteString position(Vid after) {
        return after.isEpoch() ? ByteString.EMPTY : ByteString.copyFrom(after.toBytes());
    }

    /** The wire form of an expected version. */
    static ByteString version(Vid expected) {
        return ByteString.copyFrom(expected.toBytes());
    }

    /** The wire form of an entity id. */
    static ByteString bytes(UUID entity) {
        return ByteString.copyFrom(EntityIds.toBytes(entity));
    }
}
