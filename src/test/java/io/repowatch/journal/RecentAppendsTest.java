package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.event;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is kept in memory of the last appends, and what is not. */
class RecentAppendsTest {
    private static final int ROOM = 1 << 20;

    private final Map<StreamId, Tail> tails = new HashMap<>();
    private long position;

    private void put(RecentAppends recent, Append... appends) {
        Decision decision = Decision.of(List.of(appends), new Streams() {
            @Override
            public Tail tail(StreamId stream) {
                return tails.getOrDefault(stream, Tail.EMPTY);
            }

            @Override
            public boolean holds(StreamId stream, Vid id) {
                return false;
            }
        });
        tails.putAll(decision.tails());
        position++;
        recent.put(position, decision.changes(position), decision.events());
    }

    private static List<String> texts(List<StoredEvent> events) {
        return events.stream().map(Samples::text).toList();
    }

    @Test
    void aStreamIsKnownFromItsFirstAppendHereOn() {
        tails.put(A, new Tail(vid(4), 4));
        RecentAppends recent = new RecentAppends(ROOM);
        put(recent, append(A, null, 5, 6));
        put(recent, append(A, null, 7));
        assertThat(texts(recent.events(A, vid(4)))).isEqualTo(Samples.texts(5, 6, 7));
        assertThat(texts(recent.events(A, vid(6)))).isEqualTo(Samples.texts(7));
        assertThat(recent.events(A, vid(7))).isEmpty();
        assertThat(recent.events(A, vid(3))).isNull();
        assertThat(recent.events(A, Vid.EPOCH)).isNull();
        assertThat(recent.events(B, Vid.EPOCH)).isNull();
    }

    @Test
    void aNewStreamIsKnownWhole() {
        RecentAppends recent = new RecentAppends(ROOM);
        put(recent, append(A, null, 1));
        put(recent, append(A, null, 2));
        assertThat(texts(recent.events(A, Vid.EPOCH))).isEqualTo(Samples.texts(1, 2));
    }

    @Test
    void aChangeHasTheEventsOfItsAppendOnly() {
        RecentAppends recent = new RecentAppends(ROOM);
        put(recent, append(A, null, 1), append(B, null, 2));
        put(recent, append(A, null, 3, 4));
        assertThat(texts(recent.events(new Change(1, A, vid(1))))).isEqualTo(Samples.texts(1));
        assertThat(texts(recent.events(new Change(1, B, vid(2))))).isEqualTo(Samples.texts(2));
        assertThat(texts(recent.events(new Change(2, A, vid(4))))).isEqualTo(Samples.texts(3, 4));
        assertThat(recent.events(new Change(2, B, vid(2)))).isEmpty();
    }

    @Test
    void ofALongStreamTheLastEventsAreKept() {
        RecentAppends recent = new RecentAppends(ROOM);
        for (long n = 1; n <= 100; n++) {
            put(recent, append(A, null, n));
        }
        assertThat(recent.events(A, vid(35))).isNull();
        assertThat(texts(recent.events(A, vid(36))))
                .isEqualTo(Samples.texts(LongStream.rangeClosed(37, 100).toArray()));
        assertThat(recent.events(new Change(36, A, vid(36)))).isEmpty();
        assertThat(texts(recent.events(new Change(37, A, vid(37))))).isEqualTo(Samples.texts(37));
    }

    @Test
    void aStreamMayTakeAsMuchAsAPage() {
        RecentAppends recent = new RecentAppends(ROOM);
        for (long n = 1; n <= 5; n++) {
            put(recent, new Append(A, null, List.of(new StoredEvent(vid(n), new byte[100_000]))));
        }
        assertThat(recent.events(A, vid(2))).isNull();
        assertThat(recent.events(A, vid(3))).hasSize(2);
        put(recent, new Append(A, null, List.of(new StoredEvent(vid(6), new byte[300_000]))));
        assertThat(recent.events(A, vid(5))).as("one at least").hasSize(1);
    }

    @Test
    void whatIsBeingWrittenTheStoreKnowsBest() {
        RecentAppends recent = new RecentAppends(ROOM);
        put(recent, append(A, null, 1), append(B, null, 2));
        recent.begin(Set.of(A));
        assertThat(recent.events(A, Vid.EPOCH)).isNull();
        assertThat(texts(recent.events(new Change(1, A, vid(1))))).isEqualTo(Samples.texts(1));
        assertThat(recent.events(B, Vid.EPOCH)).hasSize(1);
        put(recent, append(A, null, 3));
        recent.end();
        assertThat(recent.events(A, Vid.EPOCH)).hasSize(2);
    }

    @Test
    void ofAnAppendThatIsTooLongNothingIsGivenOutAsTheWhole() {
        RecentAppends recent = new RecentAppends(ROOM);
        put(recent, append(A, null, LongStream.rangeClosed(1, 65).toArray()));
        assertThat(recent.events(new Change(1, A, vid(65)))).isEmpty();
        assertThat(recent.events(A, Vid.EPOCH)).isNull();
        assertThat(recent.events(A, vid(1))).hasSize(64);
    }

    @Test
    void whatDoesNotFitGoesStreamByStreamTheLongestUntouchedFirst() {
        int one = 2 * 128 + event(1).body().length;
        RecentAppends recent = new RecentAppends(2 * one + 1);
        put(recent, append(A, null, 1));
        put(recent, append(B, null, 2));
        put(recent, append(Samples.C, null, 3));
        assertThat(recent.events(A, Vid.EPOCH)).isNull();
        assertThat(recent.events(B, Vid.EPOCH)).hasSize(1);
        assertThat(recent.events(Samples.C, Vid.EPOCH)).hasSize(1);
        put(recent, append(A, null, 4));
        assertThat(recent.events(A, vid(1))).as("from here on again").hasSize(1);
        assertThat(recent.events(A, Vid.EPOCH)).isNull();
        assertThat(recent.events(B, Vid.EPOCH)).isNull();
    }

    @Test
    void anEventThatIsLargerThanAllRoomIsNotKept() {
        RecentAppends recent = new RecentAppends(1000);
        put(recent, append(A, null, 1));
        put(recent, new Append(A, null, List.of(new StoredEvent(vid(2), new byte[1000]))));
        assertThat(recent.events(A, vid(1))).isNull();
        put(recent, append(A, null, 3));
        assertThat(texts(recent.events(A, vid(2)))).isEqualTo(Samples.texts(3));
    }

    @Test
    void changesAreGivenOutWithoutAGapOrNotAtAll() {
        RecentAppends recent = new RecentAppends(0);
        assertThat(recent.changes(0, 0)).isNull();
        for (long n = 1; n <= 1030; n++) {
            put(recent, append(A, null, n));
        }
        assertThat(recent.changes(5, 1030)).isNull();
        assertThat(recent.changes(6, 1030))
                .hasSize(64)
                .startsWith(new Change(7, A, vid(7)))
                .endsWith(new Change(70, A, vid(70)));
        assertThat(recent.changes(1027, 1029))
                .containsExactly(new Change(1028, A, vid(1028)), new Change(1029, A, vid(1029)));
    }
}
