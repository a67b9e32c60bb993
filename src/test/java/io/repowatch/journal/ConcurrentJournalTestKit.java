package io.repowatch.journal;

import static io.repowatch.journal.Samples.stream;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Many writers at once on every {@link Journal}; extends what an implementation's test has to pass. */
abstract class ConcurrentJournalTestKit extends ChangeFeedTestKit {
    private static final int WRITERS = 8;
    private static final int APPENDS = 60;
    private static final int STREAMS = 5;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void concurrentWritersGetDistinctPositionsAndOneOrderForAll(long seed) throws Exception {
        Map<Long, List<Append>> acknowledged = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(threads.submit(() -> {
                    start.await();
                    write(new Random(seed * 1_000 + number), number, acknowledged);
                    return null;
                }));
            }
            Mono<List<Change>> live = journal.changes(0)
                    .takeUntil(change -> change.stream().equals(stream(99)))
                    .collectList()
                    .cache();
            var subscription = live.subscribe();
            start.countDown();
            for (Future<?> writer : writers) {
                writer.get();
            }
            long end = store(Samples.append(stream(99), null, 1));
            verify("seed " + seed, acknowledged, end, await(live));
            subscription.dispose();
        } finally {
            threads.shutdownNow();
        }
    }

    private void write(Random random, int writer, Map<Long, List<Append>> acknowledged) {
        for (int n = 0; n < APPENDS; n++) {
            List<StreamId> streams = new ArrayList<>(
                    LongStream.range(0, STREAMS).mapToObj(Samples::stream).toList());
            Collections.shuffle(streams, random);
            List<Append> appends = new ArrayList<>();
            for (StreamId stream : streams.subList(0, 1 + random.nextInt(3))) {
                Vid expected = random.nextInt(4) == 0 ? await(journal.tail(stream)) : null;
                long number = writer * 10_000L + n * 10L + appends.size() + 1;
                appends.add(Samples.append(stream, expected, number));
            }
            try {
                acknowledged.put(await(journal.append(appends)), appends);
            } catch (VersionConflictException e) {
                assertThat(e).hasMessageStartingWith("version conflict: stored VID ");
            }
        }
    }

    /** Replays the acknowledged appends by position: every expectation must have held, and nothing else may be stored. */
    private void verify(String seed, Map<Long, List<Append>> acknowledged, long end, List<Change> feed) {
        assertThat(acknowledged.keySet())
                .as(seed)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(1, end).boxed().toList());
        Map<StreamId, List<String>> expected = new HashMap<>();
        Map<StreamId, Vid> tails = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (long position = 1; position < end; position++) {
            for (Append append : acknowledged.getOrDefault(position, List.of())) {
                StoredEvent event = append.events().get(0);
                Vid tail = tails.getOrDefault(append.stream(), Vid.EPOCH);
                assertThat(append.expected())
                        .as("%s, position %d", seed, position)
                        .isIn(null, tail);
                tails.put(append.stream(), event.id());
                expected.computeIfAbsent(append.stream(), id -> new ArrayList<>())
                        .add(Samples.text(event));
                changes.add(new Change(position, append.stream(), event.id()));
            }
        }
        expected.forEach(
                (stream, events) -> assertThat(read(stream, Vid.EPOCH)).as(seed).isEqualTo(events));
        changes.add(new Change(end, stream(99), vid(1)));
        assertThat(feed).as("%s: the feed that was open", seed).isEqualTo(changes);
        assertThat(changes(0, changes.size()))
                .as("%s: the feed from the start", seed)
                .isEqualTo(changes);
    }
}
