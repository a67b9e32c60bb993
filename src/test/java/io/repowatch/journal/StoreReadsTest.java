package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How often appends and reads look into the store. */
class StoreReadsTest {
    private final Scheduler reads = Schedulers.newBoundedElastic(2, 1_000, "journal-reads");
    private EmbeddedJournal journal;

    @TempDir
    Path directory;

    @BeforeEach
    void open() {
        journal = EmbeddedJournal.open(
                directory.resolve("journal"), EmbeddedConfig.builder(reads).build());
    }

    @AfterEach
    void stop() {
        journal.close();
        reads.dispose();
    }

    private void reopen() {
        journal.close();
        open();
    }

    private void store(Append... appends) {
        JournalTestKit.await(journal.append(List.of(appends)));
    }

    @Test
    void appendsToStreamsThatWereJustAppendedToReadNothing() {
        long before = journal.storeGets();
        for (int n = 1; n <= 60; n++) {
            store(append(Samples.stream(n % 3), n <= 3 ? Vid.EPOCH : vid(n - 3), n));
        }
        assertThat(journal.storeGets() - before).isEqualTo(3);
    }

    @Test
    void anIdThatIsNotTheGreatestIsLookedUp() {
        store(append(B, null, 9));
        store(append(A, null, 5));
        long before = journal.storeGets();
        assertThatThrownBy(() -> store(append(A, null, 5))).hasMessageContaining("already used");
        store(append(A, null, 4));
        assertThat(journal.storeGets() - before).isEqualTo(2);
        assertThatThrownBy(() -> store(append(B, null, 9))).hasMessageContaining("already used");
    }

    @Test
    void whatWasJustAppendedIsNotReadBack() {
        store(append(A, null, 1));
        reopen();
        store(append(A, null, 2), append(B, null, 3));
        store(append(A, null, 4, 5));
        long gets = journal.storeGets();
        long scans = journal.storeScans();
        assertThat(events(A, 1)).isEqualTo(Samples.texts(2, 4, 5));
        assertThat(events(A, 2)).isEqualTo(Samples.texts(4, 5));
        assertThat(events(A, 5)).isEmpty();
        assertThat(JournalTestKit.await(journal.changesNow(1).collectList()))
                .containsExactly(new Change(2, A, vid(2)), new Change(2, B, vid(3)), new Change(3, A, vid(5)));
        assertThat(journal.storeGets()).isEqualTo(gets);
        assertThat(journal.storeScans()).isEqualTo(scans);
        assertThat(JournalTestKit.await(
                        journal.read(A, Vid.EPOCH).map(Samples::text).collectList()))
                .as("more than is in memory")
                .isEqualTo(Samples.texts(1, 2, 4, 5));
        assertThat(journal.storeScans()).isGreaterThan(scans);
    }

    private List<String> events(StreamId stream, long after) {
        return JournalTestKit.await(
                journal.read(stream, vid(after)).map(Samples::text).collectList());
    }

    @Test
    void aLongStreamIsReadInFewParts() {
        for (int n = 0; n < 20; n++) {
            store(append(
                    A, null, LongStream.range(n * 1000L + 1, n * 1000L + 1001).toArray()));
        }
        long before = journal.storeScans();
        List<List<StoredEvent>> pages =
                JournalTestKit.await(journal.readPages(A, Vid.EPOCH).collectList());
        // 128, 256, 512 and 1,024, then at most 2,048 each.
        assertThat(journal.storeScans() - before).isEqualTo(13);
        assertThat(pages).hasSize(13).first().asList().hasSize(128);
        List<Vid> ids = new ArrayList<>();
        pages.forEach(page -> page.forEach(event -> ids.add(event.id())));
        assertThat(ids)
                .isEqualTo(
                        LongStream.rangeClosed(1, 20_000).mapToObj(Samples::vid).toList());
        assertThat(JournalTestKit.await(
                        journal.read(A, Vid.EPOCH).map(StoredEvent::id).collectList()))
                .isEqualTo(ids);
    }

    @Test
    void aShortStreamIsReadAtOnce() {
        store(append(A, null, 1, 2, 3, 4, 5, 6, 7, 8));
        reopen();
        long gets = journal.storeGets();
        long scans = journal.storeScans();
        assertThat(JournalTestKit.await(journal.read(A, Vid.EPOCH).count())).isEqualTo(8);
        assertThat(journal.storeGets() - gets).isEqualTo(1);
        assertThat(journal.storeScans() - scans).isEqualTo(1);
    }

    @Test
    void eventsOfAnySizeAreReadAsTheyAre() {
        List<byte[]> bodies = new ArrayList<>();
        Flux.just(0, 1, 4075, 4076, 4077, 10_000, 3, 300_000, 300_000, 2).subscribe(size -> {
            byte[] body = new byte[size];
            java.util.Arrays.fill(body, (byte) (bodies.size() + 1));
            bodies.add(body);
        });
        for (int i = 0; i < bodies.size(); i++) {
            store(new Append(A, null, List.of(new StoredEvent(vid(i + 1), bodies.get(i)))));
        }
        reopen();
        List<List<StoredEvent>> pages =
                JournalTestKit.await(journal.readPages(A, Vid.EPOCH).collectList());
        assertThat(pages.stream().flatMap(List::stream).map(StoredEvent::body))
                .usingElementComparator(java.util.Arrays::compare)
                .isEqualTo(bodies);
        assertThat(pages).extracting(List::size).containsExactly(8, 1, 1);
    }
}
