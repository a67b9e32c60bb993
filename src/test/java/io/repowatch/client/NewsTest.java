package io.repowatch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.observer.RepoKey;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which events that came with changes stand for a read, and which do not. */
class NewsTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID TWO = new UUID(2, 2);

    private final News news = new News(1 << 20);

    private static List<ByteString> events(long... numbers) {
        return LongStream.of(numbers).mapToObj(ScriptedFeed::event).toList();
    }

    private static @Nullable List<Long> after(News news, UUID entity, long after) {
        List<Event<RepoEvent>> events = news.takeAfter(new RepoKey(entity), new Vid(1, after));
        return events == null
                ? null
                : events.stream().map(event -> event.id().lo()).toList();
    }

    private @Nullable List<Long> after(long after) {
        return after(news, ONE, after);
    }

    @Test
    void whatFollowsIsGivenOutOnce() {
        news.put(ONE, events(5, 6));
        news.put(ONE, events(7));
        assertThat(after(4)).containsExactly(5L, 6L, 7L);
        assertThat(after(4)).isNull();
        news.put(ONE, events(8));
        assertThat(after(7)).containsExactly(8L);
    }

    @Test
    void whatWasReadAlreadyIsLeftOut() {
        news.put(ONE, events(5, 6, 7));
        assertThat(after(6)).containsExactly(7L);
        news.put(ONE, events(8, 9));
        assertThat(after(9)).isEmpty();
    }

    @Test
    void aGapInFrontHasToBeRead() {
        news.put(ONE, events(5, 6));
        assertThat(after(3)).isNull();
    }

    @Test
    void aGapWithinHasToBeRead() {
        news.put(ONE, events(5, 6));
        news.put(ONE, events(9));
        assertThat(after(4)).isNull();
        news.put(ONE, events(5, 6));
        news.put(ONE, events(9));
        assertThat(after(8)).as("what is behind the gap").containsExactly(9L);
    }

    @Test
    void newsWithoutItsEventsHasToBeRead() {
        news.put(ONE, events(5));
        news.put(TWO, events(5));
        news.forget(ONE);
        assertThat(after(4)).isNull();
        assertThat(after(news, TWO, 4)).containsExactly(5L);
        news.put(ONE, events(5));
        news.clear();
        assertThat(after(4)).isNull();
    }

    @Test
    void theOldestGoFirstWhenTheyAreTooMany() {
        int one = 2 * 128 + ScriptedFeed.event(5).size();
        News few = new News(2 * one);
        few.put(ONE, events(5));
        few.put(TWO, events(5));
        few.put(new UUID(3, 3), events(5));
        assertThat(after(few, ONE, 4)).isNull();
        assertThat(after(few, TWO, 4)).containsExactly(5L);
        few.put(ONE, events(6));
        few.put(TWO, events(6));
        assertThat(after(few, new UUID(3, 3), 4)).as("pushed out").isNull();
        assertThat(after(few, ONE, 5)).containsExactly(6L);
        assertThat(after(few, TWO, 5)).containsExactly(6L);
    }

    @Test
    void ofAnEntityThatNobodyAsksForTheLastAreKept() {
        for (long n = 1; n <= 100; n++) {
            news.put(ONE, events(n));
        }
        assertThat(after(35)).isNull();
        for (long n = 1; n <= 100; n++) {
            news.put(ONE, events(n));
        }
        assertThat(after(36)).hasSize(64).endsWith(100L);
    }

    @Test
    void theFirstEventOfAStreamIsRead() {
        news.put(ONE, events(1));
        assertThat(news.takeAfter(new RepoKey(ONE), Vid.EPOCH)).isNull();
    }

    @Test
    void withoutRoomNothingIsKept() {
        News none = new News(0);
        none.put(ONE, events(5));
        assertThat(after(none, ONE, 4)).isNull();
    }

    @Test
    void whatIsNotReadableIsRefused() {
        news.put(ONE, List.of(ByteString.copyFromUtf8("no event")));
        assertThatThrownBy(() -> after(4)).isInstanceOf(MalformedDataException.class);
        assertThat(after(4)).isNull();
    }
}
