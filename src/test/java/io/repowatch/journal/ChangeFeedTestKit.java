package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.C;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What the change feed of every {@link Journal} does, besides {@link JournalTestKit}. */
abstract class ChangeFeedTestKit extends JournalTestKit {

    @Test
    void feedGivesWhatExistsThenWhatComes() {
        store(append(A, null, 1));
        store(append(B, null, 2), append(C, null, 3));
        StepVerifier.create(journal.changes(0))
                .expectNext(new Change(1, A, vid(1)), new Change(2, B, vid(2)), new Change(2, C, vid(3)))
                .then(() -> store(append(A, vid(1), 4)))
                .expectNext(new Change(3, A, vid(4)))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void feedResumesFromAnyPosition() {
        for (int n = 1; n <= 200; n++) {
            store(append(Samples.stream(n % 7), null, n), append(Samples.stream(100 + n), null, n));
        }
        List<Change> all = changes(0, 400);
        assertThat(all).extracting(Change::position).isSorted();
        for (int position = 0; position < 200; position += 33) {
            assertThat(changes(position, 400 - 2 * position))
                    .as("after %d", position)
                    .isEqualTo(all.subList(2 * position, 400));
        }
    }

    @Test
    void whatExistsNowIsListedToItsEndWithWholeAppends() {
        StepVerifier.create(journal.changesNow(0)).expectComplete().verify(PATIENCE);
        for (int n = 1; n <= 200; n++) {
            store(append(Samples.stream(n % 7), null, n), append(Samples.stream(100 + n), null, n));
        }
        List<Change> all = changes(0, 400);
        for (int position = 0; position <= 200; position += 40) {
            assertThat(journal.changesNow(position).collectList().block(PATIENCE))
                    .as("after %d", position)
                    .isEqualTo(all.subList(2 * position, 400));
        }
        StepVerifier.create(journal.changesNow(0), 1)
                .expectNextCount(1)
                .then(() -> store(append(A, null, 1000)))
                .thenRequest(1000)
                .expectNextCount(399)
                .expectComplete()
                .verify(PATIENCE);
        StepVerifier.create(journal.changesNow(202))
                .expectError(PositionBeyondEndException.class)
                .verify(PATIENCE);
        StepVerifier.create(journal.changesNow(-1))
                .expectError(IllegalArgumentException.class)
                .verify(PATIENCE);
        journal.close();
        StepVerifier.create(journal.changesNow(0))
                .expectError(JournalException.class)
                .verify(PATIENCE);
    }

    @Test
    void feedFromAPositionBeyondTheEndFailsAndNamesBothPositions() {
        store(append(A, null, 1));
        StepVerifier.create(journal.changes(2))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(PositionBeyondEndException.class, e -> {
                            assertThat(e.position()).isEqualTo(2);
                            assertThat(e.end()).isEqualTo(1);
                        })
                        .hasMessageContaining("after position 2, because the journal ends at position 1"))
                .verify(PATIENCE);
        StepVerifier.create(journal.changes(1))
                .expectSubscription()
                .then(() -> store(append(A, null, 2)))
                .expectNext(new Change(2, A, vid(2)))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void feedFromThePositionOfAnAppendThatWasJustAnsweredIsNotBeyondTheEnd() {
        for (int n = 1; n <= 100; n++) {
            int number = n;
            StepVerifier.create(journal.append(List.of(append(A, null, n)))
                            .flatMapMany(journal::changes)
                            .mergeWith(journal.append(List.of(append(B, null, number)))
                                    .then(Mono.empty()))
                            .take(1))
                    .expectNextMatches(change -> change.stream().equals(B))
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Test
    void feedHonoursDemandWithinAnAppendToo() {
        store(append(A, null, 1), append(B, null, 2), append(C, null, 3));
        StepVerifier.create(journal.changes(0), 0)
                .expectSubscription()
                .thenRequest(2)
                .expectNext(new Change(1, A, vid(1)), new Change(1, B, vid(2)))
                .then(() -> store(append(A, null, 4)))
                .thenRequest(1)
                .expectNext(new Change(1, C, vid(3)))
                .thenRequest(1)
                .expectNext(new Change(2, A, vid(4)))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void subscriberThatAsksForNothingHoldsUpNobodyAndMissesNothing() {
        BaseSubscriber<Change> idle = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // Asks later.
            }
        };
        AtomicReference<Change> last = new AtomicReference<>();
        CountDownLatch all = new CountDownLatch(1);
        Flux<Change> seenByIdle = Flux.defer(() -> journal.changes(0)).doOnNext(last::set);
        seenByIdle
                .doOnNext(change -> {
                    if (change.position() == 500) {
                        all.countDown();
                    }
                })
                .subscribe(idle);
        StepVerifier.create(journal.changes(0).map(Change::position).take(500))
                .then(() -> {
                    for (int n = 1; n <= 500; n++) {
                        store(append(A, null, n));
                    }
                })
                .expectNextCount(500)
                .expectComplete()
                .verify(PATIENCE);
        assertThat(last).hasNullValue();
        idle.requestUnbounded();
        assertThat(reached(all)).isTrue();
        assertThat(last).hasValue(new Change(500, A, vid(500)));
        idle.cancel();
    }

    @Test
    void cancelledFeedDeliversNoMore() {
        store(append(A, null, 1));
        StepVerifier.create(journal.changes(0).take(1))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
        AtomicReference<Change> seen = new AtomicReference<>();
        journal.changes(1).subscribe(seen::set).dispose();
        store(append(A, null, 2));
        assertThat(changes(1, 1)).containsExactly(new Change(2, A, vid(2)));
        assertThat(seen).hasNullValue();
    }

    @Test
    void negativePositionIsRefused() {
        StepVerifier.create(journal.changes(-1))
                .expectError(IllegalArgumentException.class)
                .verify(PATIENCE);
    }

    @Test
    void feedsCompleteOnCloseWithAndWithoutDemand() {
        store(append(A, null, 1));
        StepVerifier.create(journal.changes(0), 1)
                .expectNextCount(1)
                .then(() -> journal.close())
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void waitingFeedCompletesOnClose() {
        store(append(A, null, 1));
        StepVerifier.create(journal.changes(0))
                .expectNextCount(1)
                .then(() -> journal.close())
                .expectComplete()
                .verify(PATIENCE);
    }

    private static boolean reached(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
