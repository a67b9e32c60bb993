package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.C;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.event;
import static io.repowatch.journal.Samples.stream;
import static io.repowatch.journal.Samples.texts;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What every {@link Journal} does: appends, reads and tails. A test of an implementation extends this. */
abstract class JournalTestKit {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    Journal journal;

    /** A new, empty journal. */
    abstract Journal open() throws Exception;

    @BeforeEach
    void openJournal() throws Exception {
        journal = open();
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    long store(Append... appends) {
        return await(journal.append(List.of(appends)));
    }

    List<String> read(StreamId stream, Vid after) {
        return await(journal.read(stream, after).map(Samples::text).collectList());
    }

    List<Change> changes(long after, int count) {
        return await(journal.changes(after).take(count).collectList());
    }

    static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE), "no value");
    }

    @Test
    void newJournalIsEmpty() {
        assertThat(journal.position()).isZero();
        assertThat(journal.newest()).isEqualTo(Vid.EPOCH);
        assertThat(read(A, Vid.EPOCH)).isEmpty();
        assertThat(await(journal.tail(A))).isEqualTo(Vid.EPOCH);
        assertThat(await(journal.streams(Samples.CATEGORY).collectList())).isEmpty();
    }

    @Test
    void positionsAreCountedFromOneWithoutGapsAlsoAfterRefusals() {
        assertThat(store(append(A, null, 1))).isEqualTo(1);
        assertThatThrownBy(() -> store(append(A, Vid.EPOCH, 2))).isInstanceOf(VersionConflictException.class);
        assertThat(store(append(B, null, 3))).isEqualTo(2);
        assertThat(store(append(A, null, 4))).isEqualTo(3);
        assertThat(journal.position()).isEqualTo(3);
    }

    @Test
    void nothingIsAppendedBeforeSubscriptionAndOnceForEach() {
        Mono<Long> append = journal.append(List.of(append(A, Vid.EPOCH, 1)));
        assertThat(journal.position()).isZero();
        assertThat(await(append)).isEqualTo(1);
        StepVerifier.create(append).expectError(VersionConflictException.class).verify(PATIENCE);
        assertThat(read(A, Vid.EPOCH)).isEqualTo(texts(1));
    }

    @Test
    void appendToSeveralStreamsIsOnePosition() {
        assertThat(store(append(C, Vid.EPOCH, 1), append(A, Vid.EPOCH, 2, 3), append(B, null, 4)))
                .isEqualTo(1);
        assertThat(read(A, Vid.EPOCH)).isEqualTo(texts(2, 3));
        assertThat(read(B, Vid.EPOCH)).isEqualTo(texts(4));
        assertThat(read(C, Vid.EPOCH)).isEqualTo(texts(1));
        assertThat(changes(0, 3))
                .containsExactly(new Change(1, C, vid(1)), new Change(1, A, vid(3)), new Change(1, B, vid(4)));
    }

    @Test
    void conflictInTheSecondOfThreeStreamsLeavesNothing() {
        store(append(B, null, 1));
        assertThatThrownBy(() -> store(append(A, Vid.EPOCH, 2), append(B, Vid.EPOCH, 3), append(C, Vid.EPOCH, 4)))
                .isInstanceOf(VersionConflictException.class)
                .hasMessage("version conflict: stored VID " + vid(1) + " != expected VID " + Vid.EPOCH);
        assertThat(read(A, Vid.EPOCH)).isEmpty();
        assertThat(read(B, Vid.EPOCH)).isEqualTo(texts(1));
        assertThat(read(C, Vid.EPOCH)).isEmpty();
        assertThat(journal.newest()).isEqualTo(vid(1));
        assertThat(store(append(C, Vid.EPOCH, 4))).isEqualTo(2);
        assertThat(changes(0, 2)).containsExactly(new Change(1, B, vid(1)), new Change(2, C, vid(4)));
    }

    @Test
    void expectedVersionMustBeTheStoredOne() {
        store(append(A, Vid.EPOCH, 1));
        store(append(A, vid(1), 2));
        store(append(A, null, 3));
        assertThatThrownBy(() -> store(append(A, vid(2), 4)))
                .hasMessage("version conflict: stored VID " + vid(3) + " != expected VID " + vid(2));
        assertThatThrownBy(() -> store(append(B, vid(2), 4)))
                .hasMessage("version conflict: stored VID " + Vid.EPOCH + " != expected VID " + vid(2));
        assertThat(read(A, Vid.EPOCH)).isEqualTo(texts(1, 2, 3));
        assertThat(await(journal.tail(A))).isEqualTo(vid(3));
    }

    @Test
    void streamNamedTwiceHasTheVersionThatTheEarlierPartLeaves() {
        store(append(A, Vid.EPOCH, 1), append(B, null, 2), append(A, vid(1), 3));
        assertThat(read(A, Vid.EPOCH)).isEqualTo(texts(1, 3));
        assertThat(changes(0, 2)).containsExactly(new Change(1, A, vid(3)), new Change(1, B, vid(2)));
        assertThatThrownBy(() -> store(append(A, vid(3), 4), append(A, vid(3), 5)))
                .isInstanceOf(VersionConflictException.class);
        assertThat(read(A, Vid.EPOCH)).isEqualTo(texts(1, 3));
    }

    @Test
    void appendThatCannotBeIsRefusedAndLeavesNothing() {
        store(append(A, null, 1, 2));
        assertThatThrownBy(this::store).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store(append(B, null, 3), append(A, null, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(vid(1).toString());
        assertThatThrownBy(() -> store(append(B, null, 3, 3))).isInstanceOf(IllegalArgumentException.class);
        StoredEvent epoch = new StoredEvent(Vid.EPOCH, new byte[1]);
        assertThatThrownBy(() -> store(new Append(B, null, List.of(epoch))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(read(B, Vid.EPOCH)).isEmpty();
        assertThat(store(append(B, null, 1))).isEqualTo(2);
    }

    @Test
    void readStartsBehindAnyEvent() {
        long[] numbers = LongStream.rangeClosed(1, 300).toArray();
        store(append(A, null, numbers));
        store(append(B, null, 999));
        assertThat(read(A, Vid.EPOCH)).isEqualTo(texts(numbers));
        for (int n = 1; n <= 300; n += 23) {
            assertThat(read(A, vid(n)))
                    .as("after %d", n)
                    .isEqualTo(texts(LongStream.rangeClosed(n + 1, 300).toArray()));
        }
        assertThat(read(A, vid(300))).isEmpty();
    }

    @Test
    void readAfterAnUnknownEventFailsUnlessTheStreamIsEmpty() {
        store(append(A, null, 1));
        store(append(B, null, 2));
        assertThatThrownBy(() -> read(A, vid(2)))
                .isInstanceOf(UnknownPositionException.class)
                .hasMessageEndingWith("finding start failed: not found")
                .hasMessageContaining(vid(2).toString());
        assertThat(read(C, vid(2))).isEmpty();
    }

    @Test
    void readHonoursDemandAndCompletesWithTheLastEvent() {
        store(append(A, null, 1, 2, 3));
        StepVerifier.create(journal.read(A, Vid.EPOCH).map(Samples::text), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(texts(1).get(0))
                .thenRequest(2)
                .expectNext(texts(2).get(0), texts(3).get(0))
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(journal.read(A, Vid.EPOCH), 1)
                .expectNextCount(1)
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void longStreamIsReadInSmallRequests() {
        for (int start = 0; start < 2_000; start += 100) {
            store(append(A, null, LongStream.range(start + 1, start + 101).toArray()));
        }
        List<Vid> ids =
                await(journal.read(A, vid(7)).limitRate(13).map(StoredEvent::id).collectList());
        assertThat(ids)
                .isEqualTo(
                        LongStream.rangeClosed(8, 2_000).mapToObj(Samples::vid).toList());
    }

    @Test
    void bodiesComeBackAsTheyWere() {
        byte[] large = new byte[1 << 20];
        IntStream.range(0, large.length).forEach(i -> large[i] = (byte) (i * 31 >> 3));
        store(new Append(A, null, List.of(new StoredEvent(vid(1), new byte[0]), new StoredEvent(vid(2), large))));
        store(append(A, null, 3));
        List<StoredEvent> events = await(journal.read(A, Vid.EPOCH).collectList());
        assertThat(events).extracting(StoredEvent::id).containsExactly(vid(1), vid(2), vid(3));
        assertThat(events).extracting(StoredEvent::body).containsExactly(new byte[0], large, event(3).body());
    }

    @Test
    void newestIsTheGreatestIdNotTheLast() {
        Vid unsignedGreatest = new Vid(-1, 5);
        store(append(A, null, 9));
        store(append(B, null, 4));
        assertThat(journal.newest()).isEqualTo(vid(9));
        store(new Append(A, null, List.of(new StoredEvent(unsignedGreatest, new byte[0]))));
        store(append(B, null, 10));
        assertThat(journal.newest()).isEqualTo(unsignedGreatest);
    }

    @Test
    void streamsAreListedByCategory() {
        UUID entity = new UUID(5, 5);
        for (byte category : new byte[] {-128, -1, 0, 1, 127}) {
            store(append(new StreamId(category, entity), null, 1));
        }
        long[] many = LongStream.rangeClosed(1, 600).toArray();
        for (long number : many) {
            store(append(stream(number), null, 1), append(stream(number), null, 2));
        }
        for (byte category : new byte[] {-128, -1, 0, 1, 127}) {
            assertThat(await(journal.streams(category).collectList()))
                    .as("category %d", category)
                    .containsExactly(new StreamId(category, entity));
        }
        assertThat(await(journal.streams(Samples.CATEGORY).limitRate(10).collectList()))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.of(many).mapToObj(Samples::stream).toList());
        assertThat(await(journal.streams((byte) 77).collectList())).isEmpty();
    }

    @Test
    void threadsThatMustNotBlockMayCallEverything() {
        Mono<Long> use = Flux.range(1, 200)
                .flatMap(n -> journal.append(List.of(append(stream(n % 3), null, n))), 50)
                .then(journal.tail(A))
                .thenMany(journal.read(A, Vid.EPOCH))
                .thenMany(journal.streams(Samples.CATEGORY))
                .thenMany(journal.changes(0).take(200))
                .count();
        // The detector of blocking calls that all tests run under fails this if one of them waits.
        assertThat(await(use.subscribeOn(Schedulers.parallel()))).isEqualTo(200);
    }

    @Test
    void closedJournalSaysSo() {
        store(append(A, null, 1));
        journal.close();
        journal.close();
        for (Mono<?> call : List.of(
                journal.append(List.of(append(A, null, 2))),
                journal.read(A, Vid.EPOCH).collectList(),
                journal.tail(A),
                journal.changes(0).collectList(),
                journal.streams(Samples.CATEGORY).collectList())) {
            StepVerifier.create(call)
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(JournalException.class)
                            .hasMessageContaining("closed"))
                    .verify(PATIENCE);
        }
    }
}
