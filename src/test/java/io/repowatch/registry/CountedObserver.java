package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.repowatch.client.ClientConfig;
import io.repowatch.engine.ActivityState;
import io.repowatch.engine.EngineListener;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.RepoState;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.v1.FeedGrpc;
import io.repowatch.wire.v1.ReadRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A whole observer of a registry with so many equal repos, over gRPC; what it asks for is counted at the server. */
final class CountedObserver implements AutoCloseable {
    /** The registry and the index of its workflows. */
    static final int OTHERS = 2;

    static final String PREFIX = "/data";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Fixture fixture = new Fixture(new MemoryJournal()).prepared();
    final VirtualTimeScheduler engineTime = VirtualTimeScheduler.create();
    final Counting counting = new Counting();
    final List<UUID> repos = new ArrayList<>();
    private final Scheduler callbacks = Schedulers.newParallel("callbacks", 2);
    private final AtomicInteger handled = new AtomicInteger();
    private final Server server;
    private final ManagedChannel channel;
    private final Observer observer;
    private final Disposable watching;

    /** Counts calls by method, messages to the client, and reads; breaks the change feed when the test says so. */
    static final class Counting implements ServerInterceptor {
        private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
        final AtomicInteger reads = new AtomicInteger();
        final AtomicInteger messages = new AtomicInteger();
        private final AtomicReference<ServerCall<?, ?>> feed = new AtomicReference<>();
        volatile boolean down;

        /** How often each method was called, without its package. */
        Map<String, Integer> calls() {
            Map<String, Integer> counts = new TreeMap<>();
            calls.forEach((method, count) -> counts.put(method, count.get()));
            return counts;
        }

        int calls(String method) {
            return calls().getOrDefault(method, 0);
        }

        @Override
        public <I, O> ServerCall.Listener<I> interceptCall(
                ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
            String method = call.getMethodDescriptor().getFullMethodName();
            if (method.equals(FeedGrpc.getChangesMethod().getFullMethodName())) {
                if (down) {
                    call.close(Status.UNAVAILABLE, new Metadata());
                    return new ServerCall.Listener<>() {};
                }
                feed.set(call);
            }
            calls.computeIfAbsent(method.substring(method.lastIndexOf('.') + 1), any -> new AtomicInteger())
                    .incrementAndGet();
            ServerCall<I, O> counted = new SimpleForwardingServerCall<>(call) {
                @Override
                public void sendMessage(O message) {
                    messages.incrementAndGet();
                    super.sendMessage(message);
                }
            };
            return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
                @Override
                public void onMessage(I message) {
                    if (message instanceof ReadRequest request) {
                        reads.addAndGet(request.getOpenCount());
                    }
                    super.onMessage(message);
                }
            };
        }

        void breakFeed() {
            down = true;
            feed.get().close(Status.UNAVAILABLE, new Metadata());
        }
    }

    CountedObserver(int count, BiFunction<Channel, ClientConfig, EventSource> source) throws Exception {
        for (int i = 0; i < count; i++) {
            UUID repo = Fixture.uuid(fixture.initRepo(PREFIX + "/" + i).getRepo());
            repos.add(repo);
            confirm(repo);
        }
        String name = "counted-" + UUID.randomUUID();
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name);
        RegistryServices.of(fixture.registry, () -> Fixture.CALLER)
                .forEach(service -> builder.addService(ServerInterceptors.intercept(service, counting)));
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName(name).build();
        ClientConfig config = ClientConfig.builder()
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .build();
        observer = Observer.builder(ObserverConfig.builder()
                        .registries(List.of(Fixture.REG))
                        .prefix(PREFIX)
                        .hosts(List.of("host"))
                        .build())
                .source(source.apply(channel, config))
                .commands(new InProcessCommands(fixture.registry, Fixture.CALLER))
                .initializer(new Ports())
                .processor(new Ports())
                .callbacks(callbacks)
                .timer(engineTime)
                .clock(Fixture.CLOCK)
                .random(new SplittableRandom(1))
                .listener(new EngineListener() {
                    @Override
                    public void handled(StreamKey<?> key, Vid event) {
                        if (key instanceof RepoKey) {
                            handled.incrementAndGet();
                        }
                    }
                })
                .build();
        watching = observer.watch().subscribe();
    }

    private void confirm(UUID repo) {
        Fixture.done(fixture.registry.confirmShadow(
                Fixture.CALLER,
                ConfirmShadowI.newBuilder()
                        .setRepo(Fixture.bytes(repo))
                        .setShadowPath("/shadow/" + repo)
                        .build()));
    }

    /** Waits until all repos are enabled and everything sleeps. */
    void awaitAsleep() {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            Map<ActivityState, Long> all = observer.activities().getOrDefault(StreamClass.REPO, Map.of());
            Map<ActivityState, Long> general = observer.activities().getOrDefault(StreamClass.GENERAL, Map.of());
            return all.getOrDefault(ActivityState.SLEEPING, 0L) == repos.size()
                    && general.getOrDefault(ActivityState.SLEEPING, 0L) == OTHERS;
        });
    }

    /** Waits until so many live events of repos were handled. */
    void awaitHandled(int events) {
        Awaitility.await().atMost(PATIENCE).until(() -> handled.get() >= events);
        assertThat(handled).hasValue(events);
    }

    /** Appends an event that asks for nothing, so that its repo is read once. */
    void change(UUID repo) {
        var stream = Fixture.repoStream(repo);
        Vid tail = Fixture.done(fixture.journal.tail(stream));
        Vid id = new Vid(tail.hi(), tail.lo() + 1);
        fixture.put(
                stream,
                id,
                RepoEvent.newBuilder()
                        .setId(Fixture.bytes(id))
                        .setParent(Fixture.bytes(tail))
                        .build()
                        .toByteArray());
    }

    @Override
    public void close() throws Exception {
        watching.dispose();
        fixture.registry.close();
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        callbacks.dispose();
    }

    /** Answers from the history and does nothing. */
    private static final class Ports implements Initializer, Processor {
        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return Mono.justOrEmpty(RepoInfo.of(state));
        }

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> enable(RepoInfo info) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> disable(UUID repo) {
            return Mono.empty();
        }
    }
}
