package io.repowatch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.repowatch.engine.ActivityState;
import io.repowatch.engine.StreamClass;
import io.repowatch.id.EntityIds;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StrongError;
import io.repowatch.testkit.Events;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A whole observer, with source and commands over a real socket, against a server that misbehaves. The engine's back-offs and sweeps
 * pass in virtual time, the client's waits in milliseconds.
 */
class MisbehavingServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UUID NEW = new UUID(0, 1);
    private static final UUID FOREIGN = new UUID(0, 2);
    private static final UUID OLD = new UUID(0, 3);
    private static final UUID BROKEN = new UUID(0, 4);
    private static final UUID LATER = new UUID(0, 5);
    private static final UUID LAST = new UUID(0, 6);

    private final Map<UUID, List<String>> calls = new ConcurrentHashMap<>();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Scheduler callbacks = Schedulers.newParallel("callbacks", 2, true);
    private final Ports ports = new Ports();
    private MisbehavingServer server;
    private Observer observer;
    private Disposable watching = Disposables.disposed();

    @BeforeEach
    void start() throws IOException {
        server = new MisbehavingServer(this::called);
        ClientConfig config = ClientConfig.builder()
                .confirmTimeout(Duration.ofMillis(30))
                .pollInterval(Duration.ofMillis(20))
                .backoff(Duration.ofMillis(5), Duration.ofMillis(20))
                .readTimeout(Duration.ofMillis(400))
                .build();
        ports.commands = new GrpcRegistryCommands(server.server().channel(), config);
        observer = Observer.builder(ObserverConfig.builder()
                        .registry(MisbehavingServer.REGISTRY)
                        .prefix("/own")
                        .sweepPeriod(Duration.ofMinutes(1))
                        .build())
                .source(new GrpcEventSource(server.server().channel(), config))
                .commands(ports.commands)
                .initializer(ports)
                .processor(ports)
                .callbacks(callbacks)
                .timer(time)
                .clock(() -> Instant.EPOCH)
                .random(new SplittableRandom(1))
                .build();
    }

    @AfterEach
    void stop() {
        watching.dispose();
        server.close();
        callbacks.dispose();
    }

    private void called(UUID repo, String what) {
        calls.computeIfAbsent(repo, key -> Collections.synchronizedList(new ArrayList<>()))
                .add(what);
    }

    private List<String> calls(UUID repo) {
        return List.copyOf(calls.getOrDefault(repo, List.of()));
    }

    /** Writes down each call; makes no shadow but confirms it. */
    private final class Ports implements Initializer, Processor {
        private RegistryCommands commands;

        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return Mono.defer(() -> {
                called(state.id(), "getRepo");
                return commands.getRepo(state.id()).then(Mono.justOrEmpty(RepoInfo.of(state)));
            });
        }

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return Mono.defer(() -> {
                boolean first = calls(state.id()).isEmpty();
                called(state.id(), "initRepo");
                return state.id().equals(BROKEN) && first
                        ? Mono.error(new StrongError("no such directory"))
                        : commands.confirmShadow(state.id(), "/shadow/" + state.id())
                                .then();
            });
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return Mono.defer(() -> {
                called(state.id(), "enableGitlab");
                return commands.confirmGit(state.id(), 7).then();
            });
        }

        @Override
        public Mono<Void> enable(RepoInfo info) {
            return Mono.fromRunnable(() -> called(info.id(), "enable"));
        }

        @Override
        public Mono<Void> disable(UUID repo) {
            return Mono.fromRunnable(() -> called(repo, "disable"));
        }
    }

    private void add(UUID repo, String path) {
        server.append(
                repo,
                Events.initStarted(FsoRepoInitInfo.newBuilder()
                        .setRegistry(MisbehavingServer.REGISTRY)
                        .setGlobalPath(path)
                        .setFileHost("host")
                        .setHostPath("/data" + path)
                        .build()));
        server.append(Events.repoAdded(repo, path));
    }

    private void addBeforeTheStart() {
        add(NEW, "/own/new");
        add(FOREIGN, "/foreign/x");
        add(OLD, "/own/old");
        server.append(OLD, Events.shadowCreated("/shadow/old"));
        server.append(OLD, Events.errorSet("broken once"));
        server.append(OLD, Events.errorCleared());
        add(BROKEN, "/own/broken");
    }

    private void watch() {
        watching = observer.watch().subscribe();
    }

    /** Lets virtual time pass until this is so. */
    private void eventually(BooleanSupplier condition) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    if (condition.getAsBoolean()) {
                        return true;
                    }
                    time.advanceTimeBy(Duration.ofSeconds(2));
                    return false;
                });
    }

    private void awaitCalls(UUID repo, int number) {
        eventually(() -> calls(repo).size() >= number);
    }

    private static final List<String> MADE = List.of("initRepo", "ConfirmShadow", "getRepo", "GetRepo", "enable");
    private static final List<String> ENABLED = List.of("getRepo", "GetRepo", "enable");

    private static List<String> all(List<?>... parts) {
        List<String> all = new ArrayList<>();
        for (List<?> part : parts) {
            part.forEach(call -> all.add((String) call));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(Mischief.class)
    void theCallsAreThoseOfAnHonestServer(Mischief mischief) {
        mischief.begin(server);
        addBeforeTheStart();
        watch();
        awaitCalls(OLD, ENABLED.size());
        awaitCalls(BROKEN, 2);
        server.append(OLD, Events.gitlabAccepted("gitlab", "group/project"));
        server.append(BROKEN, Events.errorCleared());
        add(LATER, "/own/later");
        awaitCalls(LATER, MADE.size());
        awaitCalls(OLD, 8);
        awaitCalls(BROKEN, 2 + MADE.size());
        lookAgainAtEverything();

        assertThat(calls(FOREIGN)).as("foreign").isEmpty();
        assertThat(calls(OLD)).as("old").isEqualTo(all(ENABLED, List.of("enableGitlab", "ConfirmGit"), ENABLED));
        assertThat(withoutRepeats(NEW)).as("new").isEqualTo(MADE);
        assertThat(withoutRepeats(BROKEN)).as("broken").isEqualTo(all(List.of("initRepo", "SetRepoError"), MADE));
        assertThat(withoutRepeats(LATER)).as("later").isEqualTo(MADE);
    }

    /** A confirmation that failed is the only reason to begin again with making a shadow. */
    private List<String> withoutRepeats(UUID repo) {
        List<String> rest = new ArrayList<>(calls(repo));
        for (int failed = rest.indexOf("ConfirmShadow fails");
                failed > 0;
                failed = rest.indexOf("ConfirmShadow fails")) {
            assertThat(rest.subList(failed - 1, failed + 1)).containsExactly("initRepo", "ConfirmShadow fails");
            rest.subList(failed - 1, failed + 1).clear();
        }
        return rest;
    }

    /** After the sweep has read every stream once more, one more repo is made: whatever there was to do has been done then. */
    private void lookAgainAtEverything() {
        Map<UUID, Integer> before = new ConcurrentHashMap<>();
        for (UUID repo : List.of(NEW, OLD, BROKEN, LATER)) {
            before.put(repo, server.reads(repo));
            server.tellAgain(repo);
        }
        eventually(() -> before.keySet().stream().allMatch(repo -> server.reads(repo) > before.get(repo)));
        add(LAST, "/own/last");
        awaitCalls(LAST, MADE.size());
        assertThat(calls.keySet()).doesNotContain(EntityIds.registry(MisbehavingServer.REGISTRY));
    }

    @Test
    void aPositionThatIsRefusedOnceCostsOneRestartFromTheEpoch() {
        server.mischief = read -> {
            if (read.number == 2 && !read.isOfRegistry()) {
                read.refusePosition();
            } else {
                read.honestly();
            }
        };
        addBeforeTheStart();
        watch();
        awaitCalls(OLD, 2 * ENABLED.size());
        awaitCalls(NEW, MADE.size());
        awaitCalls(BROKEN, 2);
        server.append(BROKEN, Events.errorCleared());
        add(LATER, "/own/later");
        awaitCalls(LATER, MADE.size());
        awaitCalls(BROKEN, 2 + MADE.size());
        lookAgainAtEverything();

        assertThat(calls(OLD)).as("enabled again, from its final state").isEqualTo(all(ENABLED, ENABLED));
        assertThat(calls(NEW)).isEqualTo(MADE);
        assertThat(calls(BROKEN)).isEqualTo(all(List.of("initRepo", "SetRepoError"), MADE));
        assertThat(calls(LATER)).isEqualTo(MADE);
        assertThat(calls(FOREIGN)).isEmpty();
    }

    @Test
    void overAServerThatRefusesEveryPositionARepoIsEnabledMoreAndMoreSeldom() {
        server.mischief = read -> {
            if (read.after.isEpoch()) {
                read.honestly();
            } else {
                read.refusePosition();
            }
        };
        add(OLD, "/own/old");
        server.append(OLD, Events.shadowCreated("/shadow/old"));
        watch();
        awaitCalls(OLD, ENABLED.size());
        for (int second = 0; second < 200; second++) {
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(this::isBackingOffOnceItIsTold);
            time.advanceTimeBy(Duration.ofSeconds(1));
        }
        int enabled = Collections.frequency(calls(OLD), "enable");
        // With pauses of half a second up to a minute: 1, 2, 4, ... 32, and then some of half a minute to one.
        assertThat(enabled).as("how often it was enabled in 200 s").isBetween(7, 13);
        assertThat(calls(OLD))
                .isEqualTo(all(Collections.nCopies(enabled, ENABLED).toArray(List<?>[]::new)));
    }

    /** It rests when it has been enabled; only then a signal makes it read from a position. */
    private boolean isBackingOffOnceItIsTold() {
        Map<ActivityState, Long> repos = observer.activities().get(StreamClass.REPO);
        if (Map.of(ActivityState.SLEEPING, 1L).equals(repos)) {
            server.tellAgain(OLD);
        }
        return Map.of(ActivityState.BACKING_OFF, 1L).equals(repos);
    }

    @Test
    void aStreamThatNeverHasOneOfItsEventsIsNotActedOn() {
        server.mischief = read -> {
            List<Message> events = new ArrayList<>(read.events());
            if (read.entity.equals(OLD) && events.size() > 2) {
                events.remove(1);
            }
            read.send(events);
            read.end();
        };
        addBeforeTheStart();
        watch();
        awaitCalls(NEW, MADE.size());
        eventually(() -> server.reads(OLD) > 4);
        assertThat(calls(OLD)).isEmpty();
        server.mischief = MisbehavingServer.Read::honestly;
        awaitCalls(OLD, ENABLED.size());
        assertThat(calls(OLD)).isEqualTo(ENABLED);
    }

    @Test
    void aServerThatIsGoneAndComesBackFindsNothingDoneTwice() {
        addBeforeTheStart();
        watch();
        awaitCalls(OLD, ENABLED.size());
        awaitCalls(NEW, MADE.size());
        server.mischief = read -> read.fail(Status.UNAVAILABLE);
        server.append(OLD, Events.gitlabAccepted("gitlab", "group/project"));
        eventually(() -> server.reads(OLD) > 5);
        server.mischief = MisbehavingServer.Read::honestly;
        awaitCalls(OLD, 8);
        assertThat(calls(OLD)).isEqualTo(all(ENABLED, List.of("enableGitlab", "ConfirmGit"), ENABLED));
        assertThat(calls(NEW)).isEqualTo(MADE);
    }
}
