package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A registry that misbehaves by chance: reads that are slow, fail at any event, repeat old events, leave one out or do not know
 * their position; wake-ups that come late, twice, in another order or never. Honest once {@link #beHonest} is called. What a
 * read delivers is fixed when it opens, so that an event which is added later needs its wake-up.
 */
final class SimulatedSource implements EventSource {
    /** What happens to wake-ups. */
    enum Signals {
        /** None is lost; the engine has no sweep. */
        LOSSLESS,
        /** Some are lost and an All follows; the engine has no sweep. */
        RECOVERED,
        /** Some are lost, and only the sweep finds out. */
        LOST
    }

    private final SplittableRandom random;
    private final Scheduler time;
    private final Violations violations;
    private final Signals signals;
    private final ToIntFunction<StreamClass> limits;
    private final Map<StreamKey<?>, List<Event<String>>> streams = new HashMap<>();
    private final Map<StreamKey<?>, Integer> openByKey = new HashMap<>();
    private final Map<StreamClass, Integer> openByClass = new HashMap<>();
    private final Map<StreamKey<?>, Integer> sizeAtOpen = new HashMap<>();
    private final Map<StreamKey<?>, Integer> told = new HashMap<>();
    private final Sinks.Many<Wakeup> wakeups = Sinks.many().multicast().directBestEffort();
    private long clock;
    private boolean honest;

    SimulatedSource(
            SplittableRandom random,
            Scheduler time,
            Violations violations,
            Signals signals,
            ToIntFunction<StreamClass> limits) {
        this.random = random;
        this.time = time;
        this.violations = violations;
        this.signals = signals;
        this.limits = limits;
    }

    void beHonest() {
        honest = true;
        if (signals == Signals.RECOVERED) {
            emit(Wakeup.ALL);
        }
    }

    void append(TestKey key) {
        List<Event<String>> stream = streams.computeIfAbsent(key, k -> new ArrayList<>());
        Vid parent =
                stream.isEmpty() ? Vid.EPOCH : stream.get(stream.size() - 1).id();
        stream.add(new Event<>(new Vid(1, ++clock), parent, String.valueOf(stream.size() + 1)));
        signal(key);
    }

    private void signal(TestKey key) {
        boolean lost = !honest && signals != Signals.LOSSLESS && random.nextInt(4) == 0;
        if (lost) {
            if (signals == Signals.RECOVERED && random.nextBoolean()) {
                later(random.nextInt(2000), Wakeup.ALL);
            }
            return;
        }
        int copies = 1 + random.nextInt(2);
        int size = size(key);
        for (int i = 0; i < copies; i++) {
            later(random.nextBoolean() ? 0 : random.nextInt(500), () -> {
                told.merge(key, size, Math::max);
                emit(Wakeup.of(key.entity()));
            });
        }
    }

    private void later(int millis, Wakeup wakeup) {
        later(millis, () -> emit(wakeup));
    }

    private void later(int millis, Runnable action) {
        time.schedule(action, millis, TimeUnit.MILLISECONDS);
    }

    void emit(Wakeup wakeup) {
        if (wakeups.currentSubscriberCount() > 0) {
            wakeups.emitNext(wakeup, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    int size(StreamKey<?> key) {
        return streams.getOrDefault(key, List.of()).size();
    }

    /** How many events there were when the last read of this stream was opened. */
    int sizeAtOpen(StreamKey<?> key) {
        return sizeAtOpen.getOrDefault(key, 0);
    }

    int open(StreamKey<?> key) {
        return openByKey.getOrDefault(key, 0);
    }

    int open() {
        return openByClass.values().stream().mapToInt(i -> i).sum();
    }

    boolean isWatched() {
        return wakeups.currentSubscriberCount() > 0;
    }

    @Override
    public Flux<Wakeup> wakeups() {
        return wakeups.asFlux();
    }

    @Override
    public <E> Flux<Event<E>> read(StreamKey<E> key, Vid after) {
        return open(key, after, () -> size(key));
    }

    /** Leaves out whatever it may. */
    @Override
    public <E> Flux<Event<E>> news(StreamKey<E> key, Vid after) {
        return open(key, after, () -> signals == Signals.LOST ? size(key) : told.getOrDefault(key, 0));
    }

    @SuppressWarnings("unchecked")
    private <E> Flux<Event<E>> open(StreamKey<E> key, Vid after, IntSupplier end) {
        return (Flux<Event<E>>) (Flux<?>) Flux.defer(() -> {
            opened(key, end.getAsInt());
            AtomicBoolean closed = new AtomicBoolean();
            Runnable close = () -> {
                if (closed.compareAndSet(false, true)) {
                    openByKey.merge(key, -1, Integer::sum);
                    openByClass.merge(key.streamClass(), -1, Integer::sum);
                }
            };
            return deliver(key, after, end.getAsInt()).doOnTerminate(close).doOnCancel(close);
        });
    }

    private void opened(StreamKey<?> key, int end) {
        openByKey.merge(key, 1, Integer::sum);
        int open = openByClass.merge(key.streamClass(), 1, Integer::sum);
        if (open > limits.applyAsInt(key.streamClass())) {
            violations.add(4, open + " open reads of class " + key.streamClass());
        }
        sizeAtOpen.put(key, end);
    }

    private Flux<Event<String>> deliver(StreamKey<?> key, Vid after, int end) {
        List<Event<String>> stream = streams.getOrDefault(key, List.of());
        int from = after.isEpoch() ? 0 : position(stream, after) + 1;
        if (!after.isEpoch() && chance(40)) {
            return Flux.error(new PositionUnknownException(key, after));
        }
        List<Event<String>> events = new ArrayList<>(stream.subList(from, Math.max(from, end)));
        if (from > 0 && chance(10)) {
            events.addAll(0, stream.subList(random.nextInt(from), from));
        } else if (events.size() > 2 && chance(15)) {
            // Never the first of a read from the epoch, nor the last: nobody could tell that they are missing.
            events.remove(1 + random.nextInt(events.size() - 2));
        }
        Flux<Event<String>> flux = Flux.fromIterable(events);
        if (chance(5)) {
            flux = flux.take(random.nextInt(events.size() + 1))
                    .concatWith(Flux.error(new IllegalStateException("read failed")));
        }
        return flux.concatMap(event -> late(50).thenReturn(event), 1)
                .concatWith(late(100).then(Mono.empty()));
    }

    private Mono<Void> late(int millis) {
        return random.nextBoolean()
                ? Mono.empty()
                : Mono.delay(Duration.ofMillis(random.nextInt(millis)), time).then();
    }

    private boolean chance(int oneIn) {
        return !honest && random.nextInt(oneIn) == 0;
    }

    private static int position(List<Event<String>> stream, Vid id) {
        for (int i = 0; i < stream.size(); i++) {
            if (stream.get(i).id().equals(id)) {
                return i;
            }
        }
        throw new IllegalArgumentException("a position that was never given out: " + id);
    }

    @Override
    public boolean lossless() {
        return signals != Signals.LOST;
    }
}
