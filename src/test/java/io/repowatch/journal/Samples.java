package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Streams, ids and events for tests, named by numbers. */
final class Samples {
    static final byte CATEGORY = 3;
    static final StreamId A = stream(1);
    static final StreamId B = stream(2);
    static final StreamId C = stream(3);

    private Samples() {}

    static StreamId stream(long number) {
        return new StreamId(CATEGORY, new UUID(number, ~number));
    }

    static Vid vid(long number) {
        return new Vid(number << 16, -number);
    }

    static StoredEvent event(long number) {
        return new StoredEvent(vid(number), ("event " + number).getBytes(StandardCharsets.UTF_8));
    }

    static Append append(StreamId stream, @Nullable Vid expected, long... numbers) {
        return new Append(
                stream,
                expected,
                LongStream.of(numbers).mapToObj(Samples::event).toList());
    }

    static String text(StoredEvent event) {
        return event.id() + "=" + new String(event.body(), StandardCharsets.UTF_8);
    }

    static List<String> texts(long... numbers) {
        return LongStream.of(numbers).mapToObj(n -> text(event(n))).toList();
    }
}
