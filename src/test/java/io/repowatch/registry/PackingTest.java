package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.Vid;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsO;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many messages and parts a long history takes. */
class PackingTest {
    private final MessageShape shape = MessageShape.registry(Fixture.REG);

    private static List<StoredEvent> events(int from, int to, int bytes) {
        return IntStream.range(from, to)
                .mapToObj(i -> new StoredEvent(
                        new Vid(1, i + 1),
                        RegistryEvent.newBuilder()
                                .setId(ByteString.copyFrom(new byte[bytes]))
                                .build()
                                .toByteArray()))
                .toList();
    }

    @Test
    void messagesAreFullWhateverThePagesAre() throws Exception {
        int size = shape.size(events(0, 1, 100).get(0));
        Packing packing = new Packing(shape, shape.headerSize() + 10 * size + 3);
        List<byte[]> messages = new ArrayList<>();
        int next = 0;
        for (int page : new int[] {1, 2, 40, 7, 55}) {
            messages.addAll(packing.add(events(next, next + page, 100)));
            next += page;
        }
        messages.addAll(packing.rest());
        assertThat(packing.rest()).isEmpty();
        assertThat(messages).hasSize(11);
        for (int i = 0; i < 11; i++) {
            RegistryEventsO message = RegistryEventsO.parseFrom(messages.get(i));
            assertThat(message.getRegistry()).isEqualTo(Fixture.REG);
            assertThat(message.getEventsCount()).isEqualTo(i < 10 ? 10 : 5);
        }
    }

    @Test
    void anEventThatIsTooLargeIsAlone() {
        Packing packing = new Packing(shape, 500);
        assertThat(packing.add(events(0, 1, 50))).isEmpty();
        assertThat(packing.add(events(1, 2, 1000))).hasSize(1);
        assertThat(packing.add(events(2, 3, 1000))).hasSize(1);
        assertThat(packing.add(events(3, 4, 50))).hasSize(1);
        assertThat(packing.rest()).hasSize(1);
    }

    @Test
    void fewReadsHoldMoreEventsThanMany() {
        FeedLimits limits = FeedLimits.DEFAULTS;
        assertThat(limits.readEvents(1)).isEqualTo(1024);
        assertThat(limits.readEvents(20)).isEqualTo(409);
        assertThat(limits.readEvents(256)).isEqualTo(64);
    }
}
