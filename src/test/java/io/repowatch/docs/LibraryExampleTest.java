package io.repowatch.docs;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The example of the guide for libraries, compiled and run. */
class LibraryExampleTest {

    // The guide shows from here
    record OrderKey(UUID entity) implements StreamKey<String> {
        @Override
        public StreamClass streamClass() {
            return StreamClass.REPO;
        }
    }

    /** Ships an order once it is paid. */
    static final class OrderActivity implements Activity<String> {
        private final Mono<Void> ship;
        private String state = "new";

        OrderActivity(Mono<Void> ship) {
            this.ship = ship;
        }

        @Override
        public void replay(Event<String> event) {
            state = event.body();
        }

        @Override
        public Mono<Step> quiesced() {
            return act();
        }

        @Override
        public Mono<Step> live(Event<String> event) {
            state = event.body();
            return act();
        }

        private Mono<Step> act() {
            return switch (state) {
                case "paid" -> Step.await("the carrier", ship.then(Step.next()));
                case "shipped" -> Step.quit();
                default -> Step.next();
            };
        }
    }

    // … to here, and from here
    Disposable follow(EventSource orders, UUID order, Function<UUID, Mono<Void>> ship, Scheduler callbacks) {
        ActivityEngine engine = ActivityEngine.builder(orders)
                .scheduler(callbacks)
                .random(new Random())
                .build();
        Mono<Void> activity =
                engine.run(new OrderKey(order), (key, scope) -> new OrderActivity(ship.apply(key.entity())));
        return Flux.merge(engine.serve(), activity).subscribe();
    }

    // … to here
    @Test
    void theExampleShipsAPaidOrderOnce() {
        Orders orders = new Orders();
        List<UUID> shipped = new CopyOnWriteArrayList<>();
        UUID paid = new UUID(0, 1);
        orders.append(paid, "placed");
        orders.append(paid, "paid");
        Scheduler callbacks = Schedulers.newParallel("orders", 2);

        Disposable running = follow(
                orders,
                paid,
                order -> Mono.fromRunnable(() -> {
                    shipped.add(order);
                    orders.append(order, "shipped");
                }),
                callbacks);

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> orders.reads.get() >= 2);
        assertThat(shipped).containsExactly(paid);
        running.dispose();
        callbacks.dispose();
    }

    /** Orders in memory: every append wakes its order. */
    private static final class Orders implements EventSource {
        final java.util.concurrent.atomic.AtomicInteger reads = new java.util.concurrent.atomic.AtomicInteger();
        private final Map<UUID, List<Event<String>>> streams = new ConcurrentHashMap<>();
        private final Sinks.Many<Wakeup> news = Sinks.many().multicast().onBackpressureBuffer();

        void append(UUID order, String body) {
            List<Event<String>> stream = streams.computeIfAbsent(order, id -> new CopyOnWriteArrayList<>());
            Vid parent =
                    stream.isEmpty() ? Vid.EPOCH : stream.get(stream.size() - 1).id();
            stream.add(new Event<>(new Vid(1, stream.size() + 1), parent, body));
            news.emitNext(Wakeup.of(order), Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
        }

        @Override
        public Flux<Wakeup> wakeups() {
            return news.asFlux().startWith(Wakeup.ALL);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
            return Flux.defer(() -> {
                reads.incrementAndGet();
                List<Event<String>> all = streams.getOrDefault(stream.entity(), List.of());
                return Flux.fromIterable(all)
                        .skip(after.isEpoch() ? 0 : after.lo())
                        .map(event -> (Event<E>) event);
            });
        }

        @Override
        public boolean lossless() {
            return true;
        }
    }
}
