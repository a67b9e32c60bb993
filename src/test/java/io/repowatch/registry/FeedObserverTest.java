package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.client.FeedEventSource;
import io.repowatch.client.FeedFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole observer over the feed: how many calls and reads it makes, counted at the server. */
class FeedObserverTest {
    private static final int REPOS = 1_000;
    private static final int CHANGED = 10;

    private CountedObserver observer;
    private CountedObserver.Counting counting;

    @BeforeEach
    void start() throws Exception {
        observer = new CountedObserver(
                REPOS,
                (channel, config) -> new FeedEventSource(
                        channel, config, new FeedFilter(List.of(Fixture.REG), List.of(CountedObserver.PREFIX))));
        counting = observer.counting;
    }

    @AfterEach
    void stop() throws Exception {
        observer.close();
    }

    @Test
    void twoCallsServeAThousandReposAndAReconnectReadsExactlyWhatHasChanged() {
        observer.awaitAsleep();
        assertThat(counting.calls()).isEqualTo(Map.of("Feed/Changes", 1, "Feed/Read", 1));
        int loaded = REPOS + CountedObserver.OTHERS;
        assertThat(counting.reads).hasValue(loaded);

        observer.engineTime.advanceTimeBy(Duration.ofHours(3));
        observer.awaitAsleep();
        assertThat(counting.reads).as("no sweep").hasValue(loaded);

        counting.breakFeed();
        for (int i = 0; i < CHANGED; i++) {
            observer.change(observer.repos.get(i * 7));
        }
        counting.down = false;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> counting.reads.get() >= loaded + CHANGED);
        observer.awaitAsleep();
        assertThat(counting.reads).as("what changed, and nothing else").hasValue(loaded + CHANGED);
        assertThat(counting.calls())
                .as("reads go on in the same call")
                .isEqualTo(Map.of("Feed/Changes", 2, "Feed/Read", 1));

        observer.change(observer.repos.get(1));
        observer.awaitHandled(CHANGED + 1);
        assertThat(counting.reads).as("what has come with the change").hasValue(loaded + CHANGED);
    }
}
