package io.repowatch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the feed does that nobody sees from outside: how often it reads, what it keeps, and when it gives up. */
class ChangeFeedTest {
    private static final int PAGE = 4;

    private final AtomicLong last = new AtomicLong();
    private final AtomicInteger readings = new AtomicInteger();

    private List<Change> after(long position) {
        readings.incrementAndGet();
        List<Change> page = new ArrayList<>();
        for (long next = position + 1; next <= Math.min(last.get(), position + PAGE); next++) {
            page.add(new Change(next, Samples.A, Samples.vid(next)));
        }
        return page;
    }

    /** Asks only when told to. */
    private static class Recorder extends BaseSubscriber<Change> {
        final List<Long> positions = new ArrayList<>();
        final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicInteger inside = new AtomicInteger();
        boolean overlapped;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(Change change) {
            overlapped |= inside.incrementAndGet() != 1;
            positions.add(change.position());
            inside.decrementAndGet();
        }

        @Override
        protected void hookOnComplete() {
            ended.countDown();
        }

        @Override
        protected void hookOnError(Throwable e) {
            ended.countDown();
        }
    }

    @Test
    void pageIsReadOnlyForDemandAndOnlyWhenTheLastOneIsUsedUp() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        last.set(100);
        Recorder recorder = new Recorder();
        feed.after(0).subscribe(recorder);
        feed.announce();
        assertThat(readings).hasValue(0);
        recorder.request(1);
        recorder.request(2);
        assertThat(readings).hasValue(1);
        recorder.request(1);
        feed.announce();
        assertThat(readings).hasValue(1);
        recorder.request(5);
        assertThat(readings).hasValue(3);
        assertThat(recorder.positions).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void announcementSchedulesNothingForThoseWhoDoNotWait() {
        VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, scheduler);
        last.set(1);
        Recorder recorder = new Recorder();
        feed.after(0).subscribe(recorder);
        feed.announce();
        assertThat(scheduler.getScheduledTaskCount()).isZero();
        recorder.request(1);
        feed.announce();
        scheduler.advanceTime();
        assertThat(recorder.positions).containsExactly(1L);
        scheduler.dispose();
    }

    @Test
    void subscriberThatAsksOneByOneFromWithinGetsEverything() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        Recorder recorder = new Recorder() {
            @Override
            protected void hookOnNext(Change change) {
                super.hookOnNext(change);
                request(1);
            }
        };
        feed.after(0).subscribe(recorder);
        recorder.request(1);
        for (int n = 1; n <= 30; n += 7) {
            last.set(n);
            feed.announce();
            assertThat(recorder.positions).hasSize(n);
        }
    }

    @Test
    void requestForNothingIsAnErrorOfTheFeed() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        List<Throwable> errors = new ArrayList<>();
        // A core subscriber: before any other one stands a check of Reactor's own.
        feed.after(0).subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(-1);
            }

            @Override
            public void onNext(Change change) {}

            @Override
            public void onError(Throwable e) {
                errors.add(e);
            }

            @Override
            public void onComplete() {}
        });
        assertThat(errors).singleElement().isInstanceOf(IllegalArgumentException.class);
        assertThat(feed.subscribers()).isZero();
    }

    @Test
    void cancelledAndFailedFeedsAreForgotten() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        Recorder cancelled = new Recorder();
        feed.after(0).subscribe(cancelled);
        StepVerifier.Step<Change> taken = StepVerifier.create(feed.after(0).take(1))
                .then(() -> {
                    last.set(1);
                    feed.announce();
                });
        taken.expectNextCount(1).verifyComplete();
        assertThat(feed.subscribers()).isEqualTo(1);
        cancelled.cancel();
        assertThat(feed.subscribers()).isZero();
        ChangeFeed broken = new ChangeFeed(
                position -> {
                    throw new JournalException("unreadable");
                },
                () -> Long.MAX_VALUE,
                null);
        StepVerifier.create(broken.after(0)).verifyErrorMessage("unreadable");
        assertThat(broken.subscribers()).isZero();
    }

    @Test
    void subscriberThatThrowsGetsNothingMoreAndIsForgotten() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        last.set(3);
        List<Long> seen = new ArrayList<>();
        try {
            feed.after(0).subscribe(new ThrowingAfterFirst(seen));
        } catch (AssertionError e) {
            assertThat(e).hasMessage("thrown by the subscriber");
        }
        feed.announce();
        assertThat(seen).containsExactly(1L);
        assertThat(feed.subscribers()).isZero();
    }

    private record ThrowingAfterFirst(List<Long> seen) implements org.reactivestreams.Subscriber<Change> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Change change) {
            seen.add(change.position());
            throw new AssertionError("thrown by the subscriber");
        }

        @Override
        public void onError(Throwable e) {}

        @Override
        public void onComplete() {}
    }

    @Test
    void schedulerThatRefusesWorkEndsTheFeedWithAnError() {
        Scheduler scheduler = Schedulers.newSingle("feeds");
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, scheduler);
        scheduler.dispose();
        StepVerifier.create(feed.after(0))
                .expectErrorSatisfies(error ->
                        assertThat(error).isInstanceOf(JournalException.class).hasMessageContaining("refuses work"))
                .verify(JournalTestKit.PATIENCE);
        assertThat(feed.subscribers()).isZero();
    }

    @Test
    void feedCompletesOnCloseAlsoWithoutItsScheduler() {
        Scheduler scheduler = Schedulers.newSingle("feeds");
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, scheduler);
        StepVerifier.create(feed.after(0), 0)
                .then(() -> {
                    scheduler.dispose();
                    feed.close();
                })
                .expectComplete()
                .verify(JournalTestKit.PATIENCE);
    }

    @Test
    void whatWasAskedForIsDeliveredBeforeTheEnd() {
        VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, scheduler);
        Recorder recorder = new Recorder();
        feed.after(0).subscribe(recorder);
        recorder.request(10);
        scheduler.advanceTime();
        last.set(9);
        feed.announce();
        feed.close();
        scheduler.advanceTime();
        assertThat(recorder.positions).hasSize(9);
        assertThat(recorder.ended.getCount()).isZero();
        scheduler.dispose();
    }

    @Test
    void feedInsideAnotherPublisherIsCancelledWithIt() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        TestPublisher<Object> stop = TestPublisher.create();
        StepVerifier.create(feed.after(0).takeUntilOther(stop.flux()))
                .then(stop::complete)
                .verifyComplete();
        assertThat(feed.subscribers()).isZero();
    }

    @Test
    void whoeverAskedBeforeTheEndGetsWhatWasThereBeforeIt() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        last.set(2 * PAGE);
        Recorder recorder = new Recorder() {
            @Override
            protected void hookOnNext(Change change) {
                super.hookOnNext(change);
                if (change.position() == PAGE) {
                    request(PAGE);
                    feed.close();
                }
            }
        };
        feed.after(0).subscribe(recorder);
        recorder.request(PAGE);
        assertThat(recorder.positions).hasSize(2 * PAGE);
        assertThat(recorder.ended.getCount()).isZero();
    }

    @ParameterizedTest(name = "round {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void noChangeIsLostOrDoubledWhenRequestsAndAnnouncementsRace(int round) throws Exception {
        int changes = 5_000;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        Scheduler scheduler = Schedulers.newBoundedElastic(2, 100_000, "feeds");
        try {
            // In even rounds the racers serve the feed themselves.
            ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, round % 2 == 0 ? null : scheduler);
            Recorder recorder = new Recorder();
            feed.after(0).subscribe(recorder);
            List<Future<?>> racers = new ArrayList<>();
            racers.add(threads.submit(() -> {
                for (int n = 0; n < changes; n++) {
                    last.incrementAndGet();
                    feed.announce();
                }
            }));
            for (int asker = 0; asker < 2; asker++) {
                racers.add(threads.submit(() -> {
                    for (int n = 0; n < changes / 2; n++) {
                        recorder.request(1);
                    }
                }));
            }
            for (Future<?> racer : racers) {
                racer.get();
            }
            feed.close();
            assertThat(recorder.ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(recorder.overlapped).as("round %d", round).isFalse();
            assertThat(recorder.positions)
                    .as("round %d", round)
                    .isEqualTo(LongStream.rangeClosed(1, changes).boxed().toList());
        } finally {
            threads.shutdownNow();
            scheduler.dispose();
        }
    }

    @Test
    void subscribersAreToldInTheOrderInWhichTheyCame() {
        ChangeFeed feed = new ChangeFeed(this::after, () -> Long.MAX_VALUE, null);
        List<Integer> told = new ArrayList<>();
        List<Integer> came = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            came.add(number);
            feed.after(0).subscribe(change -> told.add(number));
        }
        last.set(1);
        feed.announce();
        assertThat(told).isEqualTo(came);
    }
}
