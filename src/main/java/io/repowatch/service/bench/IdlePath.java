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
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * An engine of which everything but itself makes no objects: the source hands out prepared events, the activities answer with
 * shared Monos, and the Scheduler is a queue that the caller empties. So what is allocated is the engine's own. One thread.
 */
public final class IdlePath implements AutoCloseable {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final Line line = new Line();
    private final Prepared source;
    private final ActivityEngine engine;
    private final Wakeup[] wakeups;
    private final Disposable.Composite runs = Disposables.composite();

    private long handled;

    private record Key(UUID entity) implements StreamKey<String> {
        @Override
        public StreamClass streamClass() {
            return StreamClass.REPO;
        }
    }

    /** So many activities, asleep, each of which finds so many events when it is woken. */
    public IdlePath(int activities, int batch) {
        source = new Prepared(batch);
        engine = ActivityEngine.builder(source)
                .scheduler(line)
                .random(new SplittableRandom(1))
                .build();
        wakeups = new Wakeup[activities];
        for (int i = 0; i < activities; i++) {
            Key key = new Key(new UUID(0, i * GOLDEN));
            wakeups[i] = Wakeup.of(key.entity());
            runs.add(engine.run(key, (stream, scope) -> new Counting()).subscribe(v -> {}, e -> {}));
        }
        runs.add(engine.serve().subscribe());
        source.wake(Wakeup.ALL);
        line.run();
        source.live = true;
    }

    /** How many events have been handled. */
    public long handled() {
        return handled;
    }

    @Override
    public void close() {
        runs.dispose();
    }

    /** Wakes so many activities, one after the other, each after the one before has slept again. */
    public void wake(int count) {
        for (int i = 0; i < count; i++) {
            source.wake(wakeups[i % wakeups.length]);
            line.run();
        }
    }

    private final class Counting implements Activity<String> {
        @Override
        public void replay(Event<String> event) {}

        @Override
        public Mono<Step> quiesced() {
            return Step.next();
        }

        @Override
        public Mono<Step> live(Event<String> event) {
            handled++;
            return Step.next();
        }
    }

    /** Every read delivers the same few events; without parents, so they follow each other round and round. */
    private static final class Prepared implements EventSource {
        private final Event<String>[] events;
        private final Batch[] batches;
        private boolean live;
        private @Nullable CoreSubscriber<? super Wakeup> target;

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
        Prepared(int batch) {
            events = new Event[2 * batch];
            for (int i = 0; i < events.length; i++) {
                events[i] = new Event<>(new Vid(1, i + 1), null, "event");
            }
            // Two, so that no read begins with the event with which the one before has ended.
            batches = new Batch[] {new Batch(0), new Batch(batch)};
        }

        void wake(Wakeup wakeup) {
            if (target != null) {
                target.onNext(wakeup);
            }
        }

        @Override
        public Flux<Wakeup> wakeups() {
            return new Flux<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Wakeup> actual) {
                    target = actual;
                    actual.onSubscribe(Quiet.INSTANCE);
                }
            };
        }

        @Override
        @SuppressWarnings("unchecked") // there are only strings
        public <E> Flux<Event<E>> read(StreamKey<E> key, Vid after) {
            if (!live) {
                return Flux.empty();
            }
            return (Flux<Event<E>>) (Flux<?>) batches[after.lo() == events.length / 2 ? 1 : 0];
        }

        @Override
        public boolean lossless() {
            return true;
        }

        /** One subscriber at a time. */
        private final class Batch extends Flux<Event<String>> implements Subscription {
            private final int from;
            private int done;
            private @Nullable CoreSubscriber<? super Event<String>> actual;

            Batch(int from) {
                this.from = from;
            }

            @Override
            public void subscribe(CoreSubscriber<? super Event<String>> subscriber) {
                actual = subscriber;
                done = 0;
                subscriber.onSubscribe(this);
            }

            @Override
            public void request(long n) {
                CoreSubscriber<? super Event<String>> to = actual;
                for (long i = 0; to != null && i < n && done < events.length / 2; i++) {
                    to.onNext(events[from + done++]);
                }
                if (to != null && done == events.length / 2) {
                    actual = null;
                    to.onComplete();
                }
            }

            @Override
            public void cancel() {
                actual = null;
            }
        }
    }

    private enum Quiet implements Subscription {
        INSTANCE;

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }

    /** What was scheduled, in order, run by whoever calls {@link #run}. */
    private static final class Line implements Scheduler {
        private static final Disposable NOTHING = Disposables.disposed();
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private final Worker worker = new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return Line.this.schedule(task);
            }

            @Override
            public void dispose() {}

            @Override
            public boolean isDisposed() {
                return false;
            }
        };

        void run() {
            Runnable task;
            while ((task = tasks.poll()) != null) {
                task.run();
            }
        }

        @Override
        public Disposable schedule(Runnable task) {
            tasks.add(task);
            return NOTHING;
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return NOTHING;
        }

        @Override
        public Worker createWorker() {
            return worker;
        }
    }
}
