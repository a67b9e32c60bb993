package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.repowatch.client.ClientConfig;
import io.repowatch.client.FeedEventSource;
import io.repowatch.client.FeedFilter;
import io.repowatch.client.GrpcEventSource;
import io.repowatch.engine.EventSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an observer asks a registry for: the short forms of the benchmarks' rows 1, 3 and 4. */
class CallsOfObserversTest {
    private static EventSource compatible(Channel channel, ClientConfig config) {
        return new GrpcEventSource(channel, config);
    }

    private static EventSource feed(Channel channel, ClientConfig config) {
        return new FeedEventSource(
                channel, config, new FeedFilter(List.of(Fixture.REG), List.of(CountedObserver.PREFIX)));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 400})
    void theCompatibleServicesAreAskedOnceForEachRepo(int repos) throws Exception {
        try (CountedObserver observer = new CountedObserver(repos, CallsOfObserversTest::compatible)) {
            observer.awaitAsleep();
            assertThat(observer.counting.calls())
                    .isEqualTo(Map.of(
                            "LiveBroadcast/AggregateSignals",
                            1,
                            "Registry/Events",
                            1,
                            "EphemeralRegistry/RegistryWorkflowIndexEvents",
                            1,
                            "Repos/Events",
                            repos));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 400})
    void theFeedNeedsTwoCallsAndOneReadForEachRepo(int repos) throws Exception {
        try (CountedObserver observer = new CountedObserver(repos, CallsOfObserversTest::feed)) {
            observer.awaitAsleep();
            assertThat(observer.counting.calls()).isEqualTo(Map.of("Feed/Changes", 1, "Feed/Read", 1));
            assertThat(observer.counting.reads).hasValue(repos + CountedObserver.OTHERS);
            assertThat(observer.counting.messages).hasValueLessThanOrEqualTo(repos + 8);
        }
    }

    @Test
    void anEventThatIsSeenCostsOneChangeAndNothingElse() throws Exception {
        try (CountedObserver observer = new CountedObserver(100, CallsOfObserversTest::feed)) {
            observer.awaitAsleep();
            int reads = observer.counting.reads.get();
            int messages = observer.counting.messages.get();
            Map<String, Integer> calls = observer.counting.calls();
            for (int n = 1; n <= 10; n++) {
                observer.change(observer.repos.get(7 * n));
                observer.awaitHandled(n);
                observer.awaitAsleep();
            }
            assertThat(observer.counting.reads).hasValue(reads);
            assertThat(observer.counting.messages).hasValue(messages + 10);
            assertThat(observer.counting.calls()).isEqualTo(calls);
        }
    }
}
