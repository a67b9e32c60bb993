package io.repowatch.service;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Ids between the wire's bytes and the text that people read and write. */
final class WireText {
    private WireText() {}

    static ByteString bytes(UUID id) {
        return ByteString.copyFrom(EntityIds.toBytes(id));
    }

    static ByteString bytes(Vid vid) {
        return ByteString.copyFrom(vid.toBytes());
    }

    static String uuid(ByteString bytes) {
        return EntityIds.of(bytes.toByteArray()).toString();
    }

    static String vid(ByteString bytes) {
        return Vid.of(bytes.toByteArray()).toString();
    }

    /** Reads a repo id; {@link UUID#fromString} alone would take shortened ones. */
    static final class UuidConverter implements ITypeConverter<UUID> {
        @Override
        public UUID convert(String value) {
            if (!value.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
                throw new TypeConversionException(
                        "\"" + value + "\" is not a repo id; write a UUID, as 'repowatch get repos' lists them");
            }
            return UUID.fromString(value);
        }
    }

    /** Reads an event id. */
    static final class VidConverter implements ITypeConverter<Vid> {
        @Override
        public Vid convert(String value) {
            try {
                return Vid.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
