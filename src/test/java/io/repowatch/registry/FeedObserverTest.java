package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.repowatch.client.FeedEventSource;
import io.repowatch.client.FeedFilter;
import io.repowatch.engine.ActivityState;
import io.repowatch.engine.StreamClass;
import io.repowatch.id.Vid;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoInfo;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A whole observer over the feed: how many calls and reads it makes, counted at the server. */
class FeedObserverTest {
    private static final int REPOS = 1_000;

    /** The registry and the index of its workflows. */
    private static final int OTHERS = 2;

    private static final int CHANGED = 10;

    private final Fixture fixture = new Fixture(new MemoryJournal()).prepared();
    private final Scheduler callbacks = Schedulers.newParallel("callbacks", 2);
    private final VirtualTimeScheduler engineTime = VirtualTimeScheduler.create();
    private final Counting counting = new Counting();
    private final List<UUID> repos = new ArrayList<>();
    private Server server;
    private ManagedChannel channel;
    private Observer observer;
    private Disposable watching;

    /** Counts calls by method and reads by stream, and breaks the change feed when the test says so. */
    private static final class Counting implements ServerInterceptor {
        final AtomicInteger changes = new AtomicInteger();
        final AtomicInteger readCalls = new AtomicInteger();
        final AtomicInteger otherCalls = new AtomicInteger();
        final AtomicInteger reads = new AtomicInteger();
        final AtomicReference<ServerCall<?, ?>> feed = new AtomicReference<>();
        volatile boolean down;

        @Override
        public <I, O> ServerCall.Listener<I> interceptCall(
                ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
            String method = call.getMethodDescriptor().getFullMethodName();
            if (method.equals(FeedGrpc.getChangesMethod().getFullMethodName())) {
                if (down) {
                    call.close(Status.UNAVAILABLE, new Metadata());
                    return new ServerCall.Listener<>() {};
                }
                changes.incrementAndGet();
                feed.set(call);
            } else if (method.equals(FeedGrpc.getReadMethod().getFullMethodName())) {
                readCalls.incrementAndGet();
            } else {
                otherCalls.incrementAndGet();
            }
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
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

    @BeforeEach
    void start() throws Exception {
        for (int i = 0; i < REPOS; i++) {
            var repo = fixture.initRepo("/data/" + i).getRepo();
            repos.add(Fixture.uuid(repo));
            confirm(Fixture.uuid(repo));
        }
        InProcessServerBuilder builder = InProcessServerBuilder.forName("feed-observer");
        RegistryServices.of(fixture.registry, () -> Fixture.CALLER)
                .forEach(service -> builder.addService(ServerInterceptors.intercept(service, counting)));
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName("feed-observer").build();
        ClientConfig config = ClientConfig.builder()
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .build();
        observer = Observer.builder(ObserverConfig.builder()
                        .registries(List.of(Fixture.REG))
                        .prefix("/data")
                        .hosts(List.of("host"))
                        .build())
                .source(new FeedEventSource(channel, config, new FeedFilter(List.of(Fixture.REG), List.of("/data"))))
                .commands(new InProcessCommands(fixture.registry, Fixture.CALLER))
                .initializer(new Ports())
                .processor(new Ports())
                .callbacks(callbacks)
                .timer(engineTime)
                .clock(Fixture.CLOCK)
                .random(new SplittableRandom(1))
                .build();
        watching = observer.watch().subscribe();
    }

    @AfterEach
    void stop() throws Exception {
        watching.dispose();
        fixture.registry.close();
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        callbacks.dispose();
    }

    private void confirm(UUID repo) {
        Fixture.done(fixture.registry.confirmShadow(
                Fixture.CALLER,
                ConfirmShadowI.newBuilder()
                        .setRepo(Fixture.bytes(repo))
                        .setShadowPath("/shadow/" + repo)
                        .build()));
    }

    private void awaitAsleep() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            Map<ActivityState, Long> all = observer.activities().getOrDefault(StreamClass.REPO, Map.of());
            Map<ActivityState, Long> general = observer.activities().getOrDefault(StreamClass.GENERAL, Map.of());
            return all.getOrDefault(ActivityState.SLEEPING, 0L) == REPOS
                    && general.getOrDefault(ActivityState.SLEEPING, 0L) == OTHERS;
        });
    }

    @Test
    void twoCallsServeAThousandReposAndAReconnectReadsExactlyWhatHasChanged() {
        awaitAsleep();
        assertThat(counting.changes).hasValue(1);
        assertThat(counting.readCalls).hasValue(1);
        assertThat(counting.otherCalls).hasValue(0);
        // Enabling gives the read back, so a repo is read once to its quiescence and once after that.
        int loaded = REPOS + OTHERS;
        assertThat(counting.reads).hasValue(loaded);

        engineTime.advanceTimeBy(Duration.ofHours(3));
        awaitAsleep();
        assertThat(counting.reads).as("no sweep").hasValue(loaded);

        counting.breakFeed();
        for (int i = 0; i < CHANGED; i++) {
            change(repos.get(i * 7));
        }
        counting.down = false;
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> counting.reads.get() >= loaded + CHANGED);
        awaitAsleep();
        assertThat(counting.reads).as("what changed, and nothing else").hasValue(loaded + CHANGED);
        assertThat(counting.changes).hasValue(2);
        assertThat(counting.readCalls).as("reads go on in the same call").hasValue(1);

        change(repos.get(1));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> counting.reads.get() > loaded + CHANGED);
    }

    /** An event that asks for nothing, so that its repo is read once. */
    private void change(UUID repo) {
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
