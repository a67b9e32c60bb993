package io.repowatch.testkit.simulation;

import io.repowatch.client.ClientConfig;
import io.repowatch.client.GrpcEventSource;
import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.observer.IndexKey;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where one observer process gets its events from: the journal itself where it lives in the registry's process, else the real
 * client's signals and reads over a connection that breaks. Counts open reads and remembers what each would have delivered.
 */
final class WatchedSource implements EventSource {
    private static final int MOST_MILLIS = 40;
    private static final Duration SLOW_READ = Duration.ofSeconds(20);

    private final World world;
    private final ObserverProcess observer;
    private final ProcessScheduler process;
    private final boolean embedded;
    private final EventSource signals;
    private final Map<StreamClass, Integer> open = new EnumMap<>(StreamClass.class);
    private final Map<StreamKey<?>, Integer> sizeAtOpen = new HashMap<>();

    WatchedSource(World world, ObserverProcess observer, ProcessScheduler process, boolean embedded) {
        this.world = world;
        this.observer = observer;
        this.process = process;
        this.embedded = embedded;
        this.signals = embedded
                ? running().source
                : world.variant.client().source(new SignalChannel(world, observer), config());
    }

    private ClientConfig config() {
        return ClientConfig.builder()
                .timer(process)
                .random(world.dice.fork())
                .pollInterval(Duration.ofSeconds(5))
                .build();
    }

    private RegistryProcess.Running running() {
        RegistryProcess.Running running = world.registry.running();
        if (running == null) {
            throw new IllegalStateException("the registry is down, and an observer in its process is not");
        }
        return running;
    }

    /** How many events the newest read of a stream could have delivered, its beginning included. */
    int sizeAtOpen(StreamKey<?> key) {
        return sizeAtOpen.getOrDefault(key, 0);
    }

    int openReads() {
        return open.values().stream().mapToInt(i -> i).sum();
    }

    @Override
    public Flux<Wakeup> wakeups() {
        return signals.wakeups();
    }

    @Override
    public boolean lossless() {
        return embedded || world.scenario.signals() == Scenario.Signals.RELIABLE;
    }

    @Override
    public <E> Flux<Event<E>> read(StreamKey<E> key, Vid after) {
        return Flux.defer(() -> {
            if (process.isDead()) {
                return Flux.never();
            }
            opened(key);
            AtomicBoolean closed = new AtomicBoolean();
            Runnable close = () -> {
                if (closed.compareAndSet(false, true)) {
                    open.merge(key.streamClass(), -1, Integer::sum);
                }
            };
            return deliver(key, after).doOnTerminate(close).doOnCancel(close);
        });
    }

    private void opened(StreamKey<?> key) {
        int now = open.merge(key.streamClass(), 1, Integer::sum);
        int limit = key.streamClass() == StreamClass.REPO ? world.scenario.repoReads() : world.scenario.generalReads();
        if (now > limit) {
            world.trace.violation("reads within limits", observer + " has " + now + " open of " + key.streamClass());
        }
    }

    private <E> Flux<Event<E>> deliver(StreamKey<E> key, Vid after) {
        RegistryProcess.Running server = world.registry.running();
        if (server == null) {
            return pause(world.dice.millis(500)).thenMany(Flux.error(new Network.NoAnswerException("no connection")));
        }
        List<Event<E>> events;
        try {
            events = trimmed(key, after, world.visible(server.read(key, after)));
        } catch (PositionUnknownException e) {
            world.trace.add(observer.name(), "reads " + key + " from an unknown position");
            return Flux.error(e);
        } catch (Throwable e) {
            return Flux.error(e);
        }
        if (!after.isEpoch() && world.faults.happens(Fault.POSITION_UNKNOWN, 60)) {
            return Flux.error(new PositionUnknownException(key, after));
        }
        int before = Math.max(0, world.truth.place(Streams.of(key), after));
        sizeAtOpen.put(key, before + events.size());
        if (events.size() > 2 && world.faults.happens(Fault.READ_GAP, 30)) {
            events = new ArrayList<>(events);
            // Never the first of a read from the epoch, nor the last: nobody could tell that they are missing.
            events.remove(1 + world.dice.below(events.size() - 2));
        }
        return faulty(events, server);
    }

    /** Whoever reads the index from its beginning gets it from its newest snapshot on, as from the registry's service. */
    private static <E> List<Event<E>> trimmed(StreamKey<E> key, Vid after, List<Event<E>> events) {
        if (!(key instanceof IndexKey) || !after.isEpoch()) {
            return events;
        }
        boolean complete = false;
        for (int i = events.size() - 1; i >= 0; i--) {
            WorkflowEvent.Type type = ((WorkflowEvent) events.get(i).body()).getEvent();
            complete |= type == WorkflowEvent.Type.EV_SNAPSHOT_END;
            if (complete && type == WorkflowEvent.Type.EV_SNAPSHOT_BEGIN) {
                return events.subList(i, events.size());
            }
        }
        return events;
    }

    private <E> Flux<Event<E>> faulty(List<Event<E>> events, RegistryProcess.Running server) {
        boolean cut = world.faults.happens(Fault.READ_CUT, 8);
        Flux<Event<E>> flux = cut
                ? Flux.fromIterable(events.subList(0, world.dice.below(events.size() + 1)))
                        .concatWith(Flux.error(new Network.NoAnswerException("the read was cut")))
                : Flux.fromIterable(events);
        if (embedded) {
            return world.dice.oneIn(2) ? flux : pause(world.dice.millis(5)).thenMany(flux);
        }
        Duration latency =
                world.faults.happens(Fault.READ_SLOW, 40) ? world.dice.upTo(SLOW_READ) : world.dice.millis(MOST_MILLIS);
        return pause(latency)
                .thenMany(Flux.defer(() -> world.registry.running() == server
                        ? flux
                        : Flux.error(new Network.NoAnswerException("the connection broke"))));
    }

    private Mono<Void> pause(Duration duration) {
        return Mono.delay(duration, process).then();
    }

    /** The real client, of which a test replaces a part. */
    @FunctionalInterface
    interface Client {
        Client REAL = GrpcEventSource::new;

        EventSource source(io.grpc.Channel channel, ClientConfig config);
    }
}
