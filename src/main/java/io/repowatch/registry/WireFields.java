package io.repowatch.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.repowatch.id.EntityIds;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of requests, checked, and of replies (registry specification §1). Everything malformed is rejected as an invalid
 * argument with a text that names the field.
 */
final class WireFields {
    private static final Pattern REGISTRY_NAME =
            Pattern.compile("[a-z]([a-z0-9-]*[a-z0-9])?(\\.[a-z]([a-z0-9-]*[a-z0-9])?)*");

    /** The matcher recurses for each part of a name, so a name without end would overflow its stack. */
    private static final int MAX_NAME = 1000;

    /** As long as paths can be on the storage hosts; one without end would hold up its registry while it is looked up. */
    private static final int MAX_PATH = 4096;

    private WireFields() {}

    static CommandRejectedException rejected(Status.Code code, String text) {
        return new CommandRejectedException(code.name(), text);
    }

    static CommandRejectedException invalid(String text) {
        return rejected(Status.Code.INVALID_ARGUMENT, text);
    }

    static String registryName(String name) {
        if (name.length() > MAX_NAME || !REGISTRY_NAME.matcher(name).matches()) {
            throw invalid("malformed registry name: \"" + abridged(name)
                    + "\"; it consists of dot-separated parts of lower-case letters, digits and inner hyphens");
        }
        return name;
    }

    private static String abridged(String text) {
        return text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME) + "...";
    }

    static GlobalPath path(String text) {
        if (text.length() > MAX_PATH) {
            throw invalid("malformed path: it has " + text.length() + " characters, more than " + MAX_PATH);
        }
        try {
            return GlobalPath.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("malformed path: " + e.getMessage());
        }
    }

    static UUID repo(ByteString bytes) {
        return uuid(bytes, "repo");
    }

    static UUID workflow(ByteString bytes) {
        return uuid(bytes, "workflow");
    }

    private static UUID uuid(ByteString bytes, String what) {
        if (bytes.size() != EntityIds.BYTES) {
            throw invalid("malformed " + what + " id: it has " + EntityIds.BYTES + " bytes, not " + bytes.size());
        }
        return EntityIds.of(bytes.toByteArray());
    }

    /** The id that a client chose for a new repo; null if it leaves the choice to the server. */
    static @Nullable UUID chosenRepo(ByteString bytes) {
        if (bytes.isEmpty()) {
            return null;
        }
        UUID id = repo(bytes);
        return id.equals(EntityIds.NIL) ? null : id;
    }

    /** The version that a client expects; null if it does not care. */
    static @Nullable Vid expectedVid(ByteString bytes) {
        if (bytes.isEmpty()) {
            return null;
        }
        if (bytes.size() != Vid.BYTES) {
            throw invalid("malformed vid: it has " + Vid.BYTES + " bytes, not " + bytes.size());
        }
        Vid vid = Vid.of(bytes.toByteArray());
        // Existing clients may say "do not care" with these two values, which no event can have.
        return vid.hi() == 0 && (vid.lo() == 1 || vid.lo() == 2) ? null : vid;
    }

    /** The event that a stream starts after. */
    static Vid after(ByteString bytes) {
        if (bytes.isEmpty()) {
            return Vid.EPOCH;
        }
        if (bytes.size() != Vid.BYTES) {
            throw invalid("malformed after: it has " + Vid.BYTES + " bytes, not " + bytes.size());
        }
        return Vid.of(bytes.toByteArray());
    }

    static ByteString bytes(Vid vid) {
        return UnsafeByteOperations.unsafeWrap(vid.toBytes());
    }

    static ByteString bytes(UUID id) {
        return UnsafeByteOperations.unsafeWrap(EntityIds.toBytes(id));
    }

    /** A 16-byte id in a stored event. */
    static UUID stored(ByteString bytes) {
        return bytes.size() == EntityIds.BYTES ? EntityIds.of(bytes.toByteArray()) : EntityIds.NIL;
    }

    /** An event id in a stored event. */
    static Vid storedVid(ByteString bytes) {
        return bytes.size() == Vid.BYTES ? Vid.of(bytes.toByteArray()) : Vid.EPOCH;
    }

    /** A host root or GitLab namespace without trailing slashes. */
    static String trimmed(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(0, end);
    }
}
