package io.repowatch.service;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

    static UUID id(ByteString bytes) {
        return EntityIds.of(bytes.toByteArray());
    }

    /** The id, null where the wire has none. */
    static @Nullable UUID optionalId(ByteString bytes) {
        return bytes.isEmpty() ? null : id(bytes);
    }

    static String vid(ByteString bytes) {
        return Vid.of(bytes.toByteArray()).toString();
    }

    /** {@link UUID#fromString} alone would take shortened ones. */
    private static UUID uuid(String value, String otherwise) {
        if (!value.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new TypeConversionException("\"" + value + "\" is not " + otherwise);
        }
        return UUID.fromString(value);
    }

    /** Reads a repo id. */
    static final class UuidConverter implements ITypeConverter<UUID> {
        @Override
        public UUID convert(String value) {
            return uuid(value, "a repo id; write a UUID, as 'repowatch get repos' lists them");
        }
    }

    /** Reads the id of a workflow. */
    static final class WorkflowConverter implements ITypeConverter<UUID> {
        @Override
        public UUID convert(String value) {
            return uuid(value, "a workflow id; write a UUID, as the command that begins the workflow prints it");
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
