package io.repowatch.service;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.RepoInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Wire messages as JSON for machines: ids as the text that the other commands take, event times decoded from the ids. */
final class WireJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WireJson() {}

    /** One line of JSON. */
    static String of(Message message) {
        return of(map(message));
    }

    /** One line of JSON. */
    static String of(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and texts can always be written", e);
        }
    }

    /** One line of JSON about a repo that was made. */
    static String tracked(InitRepoO made, String path) {
        Map<String, Object> map = map(made);
        map.put("globalPath", path);
        return of(map);
    }

    /** A listing that comes in parts, as the one document that it would be in one part; written as it comes. */
    static void listing(Iterator<GetReposO> parts, PrintWriter out) {
        try {
            JsonGenerator json = JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            GetReposO part = parts.next();
            json.writeStartObject();
            Map<String, Object> header = map(part.toBuilder().clearRepos().build());
            header.remove("repos");
            for (Map.Entry<String, Object> field : header.entrySet()) {
                json.writePOJOField(field.getKey(), field.getValue());
            }
            json.writeArrayFieldStart("repos");
            write(json, part);
            while (parts.hasNext()) {
                write(json, parts.next());
            }
            json.writeEndArray();
            json.writeEndObject();
            json.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println();
    }

    private static void write(JsonGenerator json, GetReposO part) throws IOException {
        for (RepoInfo repo : part.getReposList()) {
            json.writePOJO(map(repo));
        }
    }

    /** The fields that are set, by their JSON names, in the order of the message. */
    static Map<String, Object> map(Message message) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (!isSaid(message, field)) {
                continue;
            }
            Object value = message.getField(field);
            if (value instanceof List<?> values) {
                map.put(
                        field.getJsonName(),
                        values.stream().map(v -> value(field, v)).toList());
            } else {
                map.put(field.getJsonName(), value(field, value));
            }
            if (field.getName().equals("id") && isVid(field)) {
                map.put("etime", time((ByteString) value));
            }
        }
        return map;
    }

    // A false that is not on the wire still says something, and so does an empty listing; an empty text or id does not.
    private static boolean isSaid(Message message, FieldDescriptor field) {
        if (field.isRepeated()) {
            return message.getRepeatedFieldCount(field) > 0 || !isEvent(field);
        }
        return switch (field.getJavaType()) {
            case BOOLEAN -> true;
            case INT, LONG, FLOAT, DOUBLE -> field.getName().startsWith("num_") || message.hasField(field);
            default -> message.hasField(field);
        };
    }

    private static Object value(FieldDescriptor field, Object value) {
        return switch (field.getJavaType()) {
            case MESSAGE -> map((Message) value);
            case ENUM -> ((EnumValueDescriptor) value).getName();
            case BYTE_STRING -> bytes(field, (ByteString) value);
            default -> value;
        };
    }

    private static String bytes(FieldDescriptor field, ByteString bytes) {
        if (bytes.size() != Vid.BYTES) {
            return HexFormat.of().formatHex(bytes.toByteArray());
        }
        return isVid(field) ? WireText.vid(bytes) : WireText.uuid(bytes);
    }

    private static boolean isVid(FieldDescriptor field) {
        String name = field.getName();
        return (name.equals("id") && isEvent(field))
                || name.equals("parent")
                || name.endsWith("vid")
                || name.endsWith("event_id");
    }

    private static boolean isEvent(FieldDescriptor field) {
        return field.getContainingType().findFieldByName("parent") != null;
    }

    private static String time(ByteString id) {
        return Instant.ofEpochMilli(Vid.of(id.toByteArray()).timestampMillis()).toString();
    }
}
