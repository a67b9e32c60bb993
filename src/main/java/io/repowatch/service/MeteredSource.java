package io.repowatch.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** Counts the wake-ups of a source, and its reads and events by class. */
final class MeteredSource implements EventSource {
    private final EventSource source;
    private final Counter wakeups;
    private final Counter rechecks;
    private final PerClass<Reads> reads;

    private record Reads(AtomicLong open, Counter begun, Counter events) {}

    MeteredSource(EventSource source, MeterRegistry registry) {
        this.source = source;
        this.wakeups = wakeupCounter(registry, "entity");
        this.rechecks = wakeupCounter(registry, "all");
        this.reads = PerClass.make(each -> reads(registry, Metrics.name(each)));
    }

    private static Reads reads(MeterRegistry registry, String streamClass) {
        AtomicLong open = new AtomicLong();
        Gauge.builder("repowatch.reads.open", open, AtomicLong::get)
                .description("Event streams that are open.")
                .tag("class", streamClass)
                .register(registry);
        Counter begun = Counter.builder("repowatch.reads")
                .description("Event streams that were opened, or whose news had come with a signal.")
                .tag("class", streamClass)
                .register(registry);
        Counter events = Counter.builder("repowatch.events")
                .description("Events that were read.")
                .tag("class", streamClass)
                .register(registry);
        return new Reads(open, begun, events);
    }

    private static Counter wakeupCounter(MeterRegistry registry, String kind) {
        return Counter.builder("repowatch.wakeups")
                .description("Signals that one entity, or all of them, may have news.")
                .tag("kind", kind)
                .register(registry);
    }

    @Override
    public Flux<Wakeup> wakeups() {
        return source.wakeups().doOnNext(wakeup -> {
            if (wakeup instanceof Wakeup.Of) {
                wakeups.increment();
            } else {
                rechecks.increment();
            }
        });
    }

    @Override
    public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
        return metered(stream, () -> source.read(stream, after));
    }

    @Override
    public <E> Flux<Event<E>> news(StreamKey<E> stream, Vid after) {
        return metered(stream, () -> source.news(stream, after));
    }

    private <E> Flux<Event<E>> metered(StreamKey<E> stream, Supplier<Flux<Event<E>>> read) {
        Reads of = reads.of(stream.streamClass());
        return Flux.defer(() -> {
            of.begun().increment();
            of.open().incrementAndGet();
            return read.get()
                    .doOnNext(event -> of.events().increment())
                    .doFinally(signal -> of.open().decrementAndGet());
        });
    }

    @Override
    public boolean lossless() {
        return source.lossless();
    }
}
