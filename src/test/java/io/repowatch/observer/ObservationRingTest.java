package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The ring under real threads: nothing is lost without being counted, and order holds. */
class ObservationRingTest {
    private static final int PRODUCERS = 4;
    private static final int EACH = 50_000;

    @Test
    void whatIsDroppedIsCountedExactlyAndTheRestComesInOrder() throws InterruptedException {
        Scheduler scheduler = Schedulers.newSingle("ring-test");
        AtomicLong received = new AtomicLong();
        AtomicLong lagged = new AtomicLong();
        long[] last = new long[PRODUCERS];
        CountDownLatch end = new CountDownLatch(1);
        BaseSubscriber<Observation> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Observation observation) {
                if (observation instanceof Observation.Lagged some) {
                    lagged.addAndGet(some.count());
                } else if (observation instanceof Observation.RegistryLoaded loaded) {
                    received.incrementAndGet();
                    int producer = Integer.parseInt(loaded.registry());
                    assertThat((long) loaded.repos()).isGreaterThan(last[producer]);
                    last[producer] = loaded.repos();
                }
                request(1);
            }

            @Override
            protected void hookOnComplete() {
                end.countDown();
            }
        };
        ObservationRing ring = new ObservationRing(64, subscriber, scheduler.createWorker(), () -> {});
        subscriber.onSubscribe(ring);
        Thread[] threads = new Thread[PRODUCERS];
        for (int p = 0; p < PRODUCERS; p++) {
            String name = Integer.toString(p);
            threads[p] = new Thread(() -> {
                for (int i = 1; i <= EACH; i++) {
                    ring.add(new Observation.RegistryLoaded(name, i));
                }
            });
            threads[p].start();
        }
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(60).toMillis());
        }
        ring.complete(null);
        assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(received.get() + lagged.get()).isEqualTo((long) PRODUCERS * EACH);
        scheduler.dispose();
    }

    @Test
    void theNewestAreKeptAndTheLossIsToldInItsPlace() {
        List<Observation> seen = new ArrayList<>();
        BaseSubscriber<Observation> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Observation observation) {
                seen.add(observation);
            }
        };
        ObservationRing ring =
                new ObservationRing(2, subscriber, Schedulers.immediate().createWorker(), () -> {});
        subscriber.onSubscribe(ring);
        ring.request(1);
        for (int i = 1; i <= 5; i++) {
            ring.add(loaded(i));
        }
        ring.request(2);
        ring.add(loaded(6));
        ring.add(loaded(7));
        ring.request(Long.MAX_VALUE);
        assertThat(seen)
                .containsExactly(
                        loaded(1),
                        new Observation.Lagged(2),
                        loaded(4),
                        new Observation.Lagged(1),
                        loaded(6),
                        loaded(7));
    }

    private static Observation loaded(int number) {
        return new Observation.RegistryLoaded("r", number);
    }

    @Test
    void aRequestOfNothingIsAnError() {
        Scheduler scheduler = Schedulers.immediate();
        Throwable[] error = new Throwable[1];
        BaseSubscriber<Observation> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnError(Throwable cause) {
                error[0] = cause;
            }
        };
        ObservationRing ring = new ObservationRing(4, subscriber, scheduler.createWorker(), () -> {});
        subscriber.onSubscribe(ring);
        ring.request(0);
        assertThat(error[0]).isInstanceOf(IllegalArgumentException.class);
    }
}
