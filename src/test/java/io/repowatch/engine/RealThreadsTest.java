package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The engine between real threads: several that wake, several that call back, and a source that says it loses nothing. */
class RealThreadsTest {
    private static final int ACTIVITIES = 100;
    private static final int WAKERS = 4;
    private static final int EVENTS_EACH = 4000;

    private final Scheduler callbacks = Schedulers.newParallel("callbacks", 4);
    private final Scheduler foreign = Schedulers.newParallel("foreign", 2);
    private final ScriptedSource source = new ScriptedSource();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger handled = new AtomicInteger();
    private final Disposable.Composite running = Disposables.composite();
    private final ActivityEngine engine = ActivityEngine.builder(source)
            .scheduler(callbacks)
            .random(new SplittableRandom(1))
            .limit(StreamClass.REPO, 4)
            .limit(StreamClass.GENERAL, 2)
            .backoff(Duration.ofMillis(1), Duration.ofMillis(2))
            .build();

    @AfterEach
    void release() {
        running.dispose();
        // Nothing may be on its way to the schedulers when they go.
        engine.stop(Duration.ZERO).block(Duration.ofSeconds(10));
        callbacks.dispose();
        foreign.dispose();
    }

    private static TestKey key(int i) {
        return i % 5 == 0 ? TestKey.general("g" + i) : TestKey.repo("r" + i);
    }

    /** Counts its events, answers in different ways on different threads, and complains about whatever overlaps. */
    private final class Counting implements Activity<String> {
        private final AtomicInteger inFlight = new AtomicInteger();
        private int next;
        private boolean failedOnce;

        private void enter() {
            if (inFlight.incrementAndGet() != 1) {
                complaints.add("callbacks overlap");
            }
            if (!Thread.currentThread().getName().startsWith("callbacks")) {
                complaints.add("called on " + Thread.currentThread().getName());
            }
        }

        private void count(Event<String> event) {
            if (!event.body().equals(String.valueOf(next))) {
                complaints.add("event " + event.body() + " in place of " + next);
            }
            next++;
            handled.incrementAndGet();
        }

        @Override
        public void replay(Event<String> event) {
            enter();
            count(event);
            inFlight.decrementAndGet();
        }

        @Override
        public Mono<Step> quiesced() {
            enter();
            return leave(Step.next());
        }

        @Override
        public Mono<Step> live(Event<String> event) {
            enter();
            int kind = next % 7;
            if (kind == 0 && !failedOnce) {
                failedOnce = true;
                return leave(Mono.error(new IllegalStateException("once")));
            }
            failedOnce = false;
            count(event);
            return switch (kind) {
                case 1 -> leave(Step.next().publishOn(foreign));
                case 2 -> leave(Mono.delay(Duration.ofMillis(1), foreign).then(Step.next()));
                case 3 -> Step.await("foreign", leave(Step.next().subscribeOn(foreign)));
                default -> leave(Step.next());
            };
        }

        @Override
        public Mono<Step> caughtUp() {
            enter();
            return leave(Step.next());
        }

        private Mono<Step> leave(Mono<Step> answer) {
            return answer.doOnTerminate(inFlight::decrementAndGet);
        }
    }

    @Test
    void noWakeUpOfSeveralThreadsIsLostAndCallbacksStaySerial() throws InterruptedException {
        for (int i = 0; i < ACTIVITIES; i++) {
            running.add(engine.run(key(i), (stream, scope) -> new Counting()).subscribe(v -> {}, e -> {}));
        }
        running.add(engine.serve().subscribe(v -> {}, e -> complaints.add("served " + e)));
        source.all();
        List<Thread> wakers = new ArrayList<>();
        for (int w = 0; w < WAKERS; w++) {
            int waker = w;
            Thread thread = new Thread(() -> appendAndWake(waker), "waker " + w);
            wakers.add(thread);
            thread.start();
        }
        for (Thread waker : wakers) {
            waker.join();
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> handled.get() == WAKERS * EVENTS_EACH || !complaints.isEmpty());
        assertThat(complaints).isEmpty();
        assertThat(source.mostOpen.get()).isLessThanOrEqualTo(6);

        assertThat(engine.stop(Duration.ofSeconds(5)).blockOptional(Duration.ofSeconds(10)))
                .isEmpty();
        assertThat(source.open).hasValue(0);
        assertThat(handled).hasValue(WAKERS * EVENTS_EACH);
    }

    /** Each thread writes to streams of its own, so that the numbers in a stream are in order. */
    private void appendAndWake(int waker) {
        SplittableRandom random = new SplittableRandom(waker);
        int[] next = new int[ACTIVITIES];
        for (int i = 0; i < EVENTS_EACH; i++) {
            int stream = waker + WAKERS * random.nextInt(ACTIVITIES / WAKERS);
            source.put(key(stream), String.valueOf(next[stream]++));
            if (random.nextInt(40) == 0) {
                source.all();
            } else {
                source.wake(key(stream));
            }
            if (random.nextInt(10) == 0) {
                source.wake(key(random.nextInt(ACTIVITIES)));
            }
        }
    }

    @Test
    void cancellingFromAnotherThreadLeavesNothingOpenAndTheEngineAlive() {
        running.add(engine.serve().subscribe(v -> {}, e -> complaints.add("served " + e)));
        source.all();
        for (int round = 0; round < 300; round++) {
            List<Disposable> runs = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                source.put(key(i), "x");
                runs.add(engine.run(key(i), (stream, scope) -> new Slow()).subscribe(v -> {}, e -> {}));
                source.wake(key(i));
            }
            runs.forEach(Disposable::dispose);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> source.open.get() == 0);
        assertThat(source.mostOpen.get()).isLessThanOrEqualTo(6);
        running.add(engine.run(key(1), (stream, scope) -> new Slow()).subscribe(v -> {}, e -> {}));
        await().atMost(Duration.ofSeconds(10)).until(() -> handled.get() > 0);
        assertThat(complaints).isEmpty();
    }

    private final class Slow implements Activity<String> {
        @Override
        public void replay(Event<String> event) {}

        @Override
        public Mono<Step> quiesced() {
            return Mono.delay(Duration.ofMillis(20), foreign)
                    .doOnNext(tick -> handled.incrementAndGet())
                    .then(Step.next());
        }

        @Override
        public Mono<Step> live(Event<String> event) {
            return Step.next();
        }
    }

    @Test
    void concurrentStartsAndStopsEndTheEngineCompletely() {
        for (int round = 0; round < 50; round++) {
            ActivityEngine each = ActivityEngine.builder(source)
                    .scheduler(callbacks)
                    .random(new SplittableRandom(round))
                    .build();
            AtomicInteger ended = new AtomicInteger();
            Disposable serving = each.serve().subscribe();
            source.all();
            Disposable starts = Mono.fromRunnable(() -> {
                        for (int i = 0; i < 50; i++) {
                            running.add(each.run(key(i), (stream, scope) -> new Slow())
                                    .subscribe(v -> {}, e -> ended.incrementAndGet()));
                        }
                    })
                    .subscribeOn(foreign)
                    .subscribe();
            each.stop(Duration.ofMillis(round % 3)).block(Duration.ofSeconds(10));
            await().atMost(Duration.ofSeconds(10)).until(() -> ended.get() == 50);
            assertThat(serving.isDisposed()).isTrue();
            starts.dispose();
        }
        assertThat(source.open).hasValue(0);
    }
}
