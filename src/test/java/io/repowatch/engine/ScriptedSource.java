package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Streams in memory whose wake-ups, failures and slowness the test decides. Thread-safe. */
final class ScriptedSource implements EventSource {
    private final Map<StreamKey<?>, List<Event<String>>> streams = new ConcurrentHashMap<>();
    private final Map<StreamKey<?>, BiFunction<Vid, Flux<Event<String>>, Flux<Event<String>>>> scripts =
            new ConcurrentHashMap<>();
    private final Sinks.Many<Wakeup> wakeups = Sinks.many().multicast().directBestEffort();
    private final AtomicLong clock = new AtomicLong();
    private final boolean lossless;

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger news = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger subscribed = new AtomicInteger();

    /** A source without a sweep: a lost wake-up stays lost. */
    ScriptedSource() {
        this(true);
    }

    ScriptedSource(boolean lossless) {
        this.lossless = lossless;
    }

    /** Adds an event without telling anybody. */
    Vid put(TestKey key, String body) {
        Vid id = new Vid(0, clock.incrementAndGet());
        List<Event<String>> stream = streams.computeIfAbsent(key, k -> new ArrayList<>());
        synchronized (stream) {
            Vid parent =
                    stream.isEmpty() ? Vid.EPOCH : stream.get(stream.size() - 1).id();
            stream.add(new Event<>(id, parent, body));
        }
        return id;
    }

    /** Adds events and tells the engine. */
    void append(TestKey key, String... bodies) {
        for (String body : bodies) {
            put(key, body);
        }
        wake(key);
    }

    void wake(TestKey key) {
        emit(Wakeup.of(key.entity()));
    }

    void all() {
        emit(Wakeup.ALL);
    }

    void emit(Wakeup wakeup) {
        synchronized (wakeups) {
            wakeups.emitNext(wakeup, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    void endWakeups() {
        wakeups.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    void failWakeups(Throwable error) {
        wakeups.emitError(error, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** Replaces what reads of this stream deliver; the script gets the position and what an honest read would deliver. */
    void script(TestKey key, BiFunction<Vid, Flux<Event<String>>, Flux<Event<String>>> script) {
        scripts.put(key, script);
    }

    void unscript(TestKey key) {
        scripts.remove(key);
    }

    List<Event<String>> stream(StreamKey<?> key) {
        List<Event<String>> stream = streams.getOrDefault(key, List.of());
        synchronized (stream) {
            return List.copyOf(stream);
        }
    }

    @Override
    public Flux<Wakeup> wakeups() {
        return wakeups.asFlux()
                .doOnSubscribe(s -> subscribed.incrementAndGet())
                .doFinally(signal -> subscribed.decrementAndGet());
    }

    @Override
    @SuppressWarnings("unchecked")
    public <E> Flux<Event<E>> read(StreamKey<E> key, Vid after) {
        return (Flux<Event<E>>) (Flux<?>) Flux.defer(() -> {
            reads.incrementAndGet();
            mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
            // Closed before the reader hears of the end, and only once if the reader cancels when it has.
            AtomicBoolean closed = new AtomicBoolean();
            Runnable close = () -> {
                if (closed.compareAndSet(false, true)) {
                    open.decrementAndGet();
                }
            };
            Flux<Event<String>> honest = Flux.defer(() -> Flux.fromIterable(after(key, after)));
            BiFunction<Vid, Flux<Event<String>>, Flux<Event<String>>> script = scripts.get(key);
            return (script == null ? honest : script.apply(after, honest))
                    .doOnTerminate(close)
                    .doOnCancel(close);
        });
    }

    /** The same; counted. */
    @Override
    public <E> Flux<Event<E>> news(StreamKey<E> key, Vid after) {
        return Flux.defer(() -> {
            news.incrementAndGet();
            return read(key, after);
        });
    }

    private List<Event<String>> after(StreamKey<?> key, Vid after) {
        List<Event<String>> stream = stream(key);
        if (after.isEpoch()) {
            return stream;
        }
        for (int i = 0; i < stream.size(); i++) {
            if (stream.get(i).id().equals(after)) {
                return stream.subList(i + 1, stream.size());
            }
        }
        throw new PositionUnknownException(key, after);
    }

    @Override
    public boolean lossless() {
        return lossless;
    }
}
