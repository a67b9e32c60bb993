package io.repowatch.service.bench;

import io.repowatch.engine.Activity;
import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.Step;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The engine at {@link KeyedWork}: a stream in memory for each key. All are asleep before the time counts. */
final class EngineOrder implements EventSource {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final KeyedWork work;
    private final CountDownLatch quiesced;
    private final Sinks.Many<Wakeup> wakeups = Sinks.many().unicast().onBackpressureBuffer();
    private volatile boolean appended;

    private record Key(int number) implements StreamKey<Integer> {
        @Override
        public UUID entity() {
            return new UUID(0, number);
        }

        @Override
        public StreamClass streamClass() {
            return StreamClass.REPO;
        }
    }

    private EngineOrder(KeyedWork work) {
        this.work = work;
        this.quiesced = new CountDownLatch(work.keys());
    }

    /** Returns how long the engine takes, from the first wake-up to the end of the last work. */
    static double seconds(KeyedWork work, int inFlight) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(inFlight);
        Scheduler workers = Schedulers.fromExecutorService(threads);
        Scheduler callbacks = Schedulers.newParallel("bench-callbacks", CORES);
        EngineOrder source = new EngineOrder(work);
        ActivityEngine engine = ActivityEngine.builder(source)
                .scheduler(callbacks)
                .random(new Random(1))
                .limit(StreamClass.REPO, inFlight)
                .build();
        Disposable.Composite running = Disposables.composite();
        try {
            for (int key = 0; key < work.keys(); key++) {
                running.add(engine.run(new Key(key), (stream, scope) -> source.new Worker(stream, workers))
                        .subscribe());
            }
            running.add(engine.serve().subscribe());
            source.wake(Wakeup.ALL);
            source.quiesced.await();
            long before = System.nanoTime();
            source.appended = true;
            for (int key = 0; key < work.keys(); key++) {
                source.wake(Wakeup.of(new Key(key).entity()));
            }
            work.await(inFlight);
            return (System.nanoTime() - before) / 1e9;
        } finally {
            running.dispose();
            engine.stop(Duration.ZERO).toFuture().join();
            callbacks.dispose();
            workers.dispose();
            threads.shutdown();
        }
    }

    private void wake(Wakeup wakeup) {
        wakeups.tryEmitNext(wakeup).orThrow();
    }

    @Override
    public Flux<Wakeup> wakeups() {
        return wakeups.asFlux();
    }

    @Override
    @SuppressWarnings("unchecked") // there are only streams of numbers
    public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
        int events = appended ? work.eventsOf((int) stream.entity().getLeastSignificantBits()) : 0;
        int first = (int) after.lo();
        return Flux.range(first, Math.max(0, events - first)).map(number -> (Event<E>) event(number));
    }

    private static Event<Integer> event(int number) {
        return new Event<>(new Vid(1, number + 1), number == 0 ? Vid.EPOCH : new Vid(1, number), number);
    }

    @Override
    public boolean lossless() {
        return true;
    }

    private final class Worker implements Activity<Integer> {
        private final int key;
        private final Scheduler workers;

        Worker(StreamKey<Integer> stream, Scheduler workers) {
            this.key = (int) stream.entity().getLeastSignificantBits();
            this.workers = workers;
        }

        @Override
        public void replay(Event<Integer> event) {
            throw new IllegalStateException("all events come later");
        }

        @Override
        public Mono<Step> quiesced() {
            quiesced.countDown();
            return Step.next();
        }

        @Override
        public Mono<Step> live(Event<Integer> event) {
            return Mono.<Step>fromRunnable(() -> work.run(key, event.body())).subscribeOn(workers);
        }
    }
}
