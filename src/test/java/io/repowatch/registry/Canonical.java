package io.repowatch.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.repowatch.id.Vid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Renders answers so that two runs can be compared: each id becomes its number in the order of appearance. */
final class Canonical {
    private static final Pattern VID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Map<ByteString, Integer> numbers = new HashMap<>();

    String of(Message message) {
        StringBuilder text = new StringBuilder(message.getDescriptorForType().getName()).append('{');
        message.getAllFields()
                .forEach((field, value) -> text.append(field.getName())
                        .append('=')
                        .append(of(field, value))
                        .append(' '));
        return text.append('}').toString();
    }

    private String of(FieldDescriptor field, Object value) {
        if (value instanceof List<?> list) {
            StringBuilder text = new StringBuilder("[");
            list.forEach(item -> text.append(of(field, item)).append(','));
            return text.append(']').toString();
        }
        if (value instanceof Message message) {
            return of(message);
        }
        return value instanceof ByteString bytes ? number(bytes) : of(value.toString());
    }

    private String number(ByteString id) {
        return "#" + numbers.computeIfAbsent(id, key -> numbers.size());
    }

    String of(String text) {
        String noVids = VID.matcher(text).replaceAll(match -> number(Fixture.bytes(Vid.parse(match.group()))));
        return UUID_TEXT.matcher(noVids).replaceAll(match -> number(Fixture.bytes(UUID.fromString(match.group()))));
    }
}
