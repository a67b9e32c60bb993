package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.texts;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class EmbeddedJournalTest extends JournalModelTestKit {
    private final Scheduler reads = Schedulers.newBoundedElastic(2, 1_000, "journal-reads");

    @TempDir
    Path directory;

    @Override
    Journal open() {
        return EmbeddedJournal.open(
                directory.resolve("journal"), EmbeddedConfig.builder(reads).build());
    }

    @Override
    Journal reopen() {
        journal.close();
        return open();
    }

    @AfterEach
    void stop() {
        reads.dispose();
    }

    @Test
    void everythingIsThereAgainAfterReopening() {
        store(append(A, null, 1, 2), append(B, null, 9));
        store(append(A, vid(2), 3));
        journal = reopen();
        assertThat(journal.position()).isEqualTo(2);
        assertThat(journal.newest()).isEqualTo(vid(9));
        assertThat(read(A, vid(1))).isEqualTo(texts(2, 3));
        assertThat(await(journal.tail(B))).isEqualTo(vid(9));
        assertThat(store(append(B, vid(9), 4))).isEqualTo(3);
        assertThat(changes(1, 2)).containsExactly(new Change(2, A, vid(3)), new Change(3, B, vid(4)));
        assertThat(journal.newest()).isEqualTo(vid(9));
    }

    @Test
    void newJournalIsStillEmptyAfterReopening() {
        journal = reopen();
        newJournalIsEmpty();
    }

    @Test
    void muchDataSurvivesFlushesAndCompactions() {
        journal.close();
        EmbeddedConfig small = EmbeddedConfig.builder(reads)
                .writeBufferBytes(64 << 10)
                .blockCacheBytes(64 << 10)
                .build();
        journal = EmbeddedJournal.open(directory.resolve("journal"), small);
        for (int n = 0; n < 200; n++) {
            store(append(
                    Samples.stream(n % 3),
                    null,
                    LongStream.range(n * 100L + 1, n * 100L + 101).toArray()));
        }
        journal = reopen();
        assertThat(read(Samples.stream(1), Vid.EPOCH)).hasSize(67 * 100);
        assertThat(changes(0, 200))
                .extracting(Change::position)
                .isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
        assertThat(read(Samples.stream(0), vid(5))).startsWith(texts(6).get(0));
    }
}
