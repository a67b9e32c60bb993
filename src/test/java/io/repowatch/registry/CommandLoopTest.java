package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.journal.VersionConflictException;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class CommandLoopTest {
    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal).prepared();

    /** What became of a command. */
    private static final class Outcome<T> {
        @Nullable
        T value;

        @Nullable
        Throwable error;

        final Disposable subscription;

        Outcome(Mono<T> command) {
            subscription = command.subscribe(v -> value = v, e -> error = e);
        }

        boolean open() {
            return value == null && error == null;
        }

        T answer() {
            return Objects.requireNonNull(value, "no answer");
        }

        String refusal() {
            if (error instanceof CommandRejectedException no) {
                return no.code() + " " + no.getMessage();
            }
            throw new AssertionError("not a refusal", error);
        }
    }

    private Outcome<InitRepoO> init(String path) {
        return new Outcome<>(
                fixture.registry.initRepo(Fixture.CALLER, Fixture.repo(path).build()));
    }

    @Test
    void theNextCommandIsDecidedWhileTheLastIsOnItsWay() {
        journal.hold();
        Outcome<InitRepoO> a = init("/data/a");
        Outcome<InitRepoO> b = init("/data/b");
        assertThat(journal.waiting()).isEqualTo(2);
        assertThat(a.open()).isTrue();

        journal.let();
        assertThat(a.value).isNotNull();
        assertThat(b.open()).as("answered only when durable").isTrue();
        journal.let();
        assertThat(b.value).isNotNull();
    }

    @Test
    void aRefusalWaitsForWhatItRestsOn() {
        journal.hold();
        Outcome<InitRepoO> first = init("/data/a");
        Outcome<InitRepoO> second = init("/data/a");
        assertThat(second.open()).isTrue();
        journal.let();
        assertThat(first.value).isNotNull();
        assertThat(second.refusal()).isEqualTo("ALREADY_EXISTS registry error: repo already initialized at path");
    }

    @Test
    void aRefusalThatRestedOnAFailedAppendIsDecidedAgain() {
        journal.hold();
        Outcome<InitRepoO> first = init("/data/a");
        Outcome<InitRepoO> second = init("/data/a");
        journal.fail();
        assertThat(first.error).isInstanceOf(JournalException.class);
        assertThat(second.open()).isTrue();
        journal.flow();
        assertThat(second.value).isNotNull();
        assertThat(fixture.registryTypes())
                .containsOnlyOnce(RegistryEvent.Type.EV_FSO_REPO_ACCEPTED, RegistryEvent.Type.EV_FSO_REPO_ADDED);
    }

    @Test
    void whatWasDecidedOnAFailedAppendIsDecidedAgainInItsOrder() {
        journal.hold();
        Outcome<InitRepoO> a = init("/data/a");
        Outcome<InitRepoO> b = init("/data/b");
        Outcome<InitRepoO> c = init("/data/c");
        journal.fail();
        journal.let();
        journal.let();
        assertThat(a.error).isInstanceOf(JournalException.class);
        assertThat(b.open()).isTrue();
        assertThat(c.open()).isTrue();
        journal.flow();
        assertThat(fixture.registryEvents(Fixture.REG).stream()
                        .filter(event -> event.getEvent() == RegistryEvent.Type.EV_FSO_REPO_ACCEPTED)
                        .map(event -> event.getFsoRepoInfo().getGlobalPath()))
                .containsExactly("/data/b", "/data/c");
        assertThat(fixture.repoEvents(b.answer().getRepo())).hasSize(1);
        assertThat(c.value).isNotNull();
        assertThat(Fixture.vid(c.answer().getVid())).isEqualTo(fixture.registryVid(Fixture.REG));
    }

    @Test
    void anIndependentAppendSurvivesTheFailureOfAnother() {
        InitRepoO repo = fixture.initRepo("/data/r");
        journal.hold();
        Outcome<InitRepoO> a = init("/data/a");
        Outcome<?> error = new Outcome<>(fixture.registry.setRepoError(
                Fixture.CALLER,
                SetRepoErrorI.newBuilder()
                        .setRepo(repo.getRepo())
                        .setErrorMessage("x")
                        .build()));
        journal.fail();
        journal.let();
        assertThat(a.error).isNotNull();
        assertThat(error.value).isNotNull();
        assertThat(fixture.repoEvents(repo.getRepo())).hasSize(2);
    }

    @Test
    void aQuerySeesOnlyWhatIsDurable() {
        journal.hold();
        init("/data/a");
        assertThat(Fixture.done(fixture.registry.info(Fixture.CALLER, info())).getNumRepos())
                .isZero();
        journal.let();
        assertThat(Fixture.done(fixture.registry.info(Fixture.CALLER, info())).getNumRepos())
                .isEqualTo(1);
    }

    private static InfoI info() {
        return InfoI.newBuilder().setRegistry(Fixture.REG).build();
    }

    @Test
    void aForeignWriterIsNoticedAndItsEventsAreTakenIn() {
        RegistryEvent foreign = RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_ROOT_REMOVED)
                .setFsoRootInfo(FsoRootInfo.newBuilder().setGlobalRoot("/data"))
                .build();
        fixture.put(Fixture.registryStream(Fixture.REG), new Vid(9, 9), foreign.toByteArray());
        assertThat(init("/data/a").refusal()).isEqualTo("NOT_FOUND registry error: unknown root");
    }

    @Test
    void aWriterThatIsAlwaysFasterEndsTheAttempts() {
        journal.hold();
        Outcome<InitRepoO> a = init("/data/a");
        for (int i = 0; a.open() && i < 100; i++) {
            StoredEvent foreign = new StoredEvent(
                    new Vid(9, 10 + i), RegistryEvent.getDefaultInstance().toByteArray());
            Fixture.done(journal.memory.append(
                    List.of(new Append(Fixture.registryStream(Fixture.REG), null, List.of(foreign)))));
            journal.let();
        }
        assertThat(a.error).isInstanceOf(VersionConflictException.class);
        journal.flow();
        assertThat(init("/data/a").value).isNotNull();
    }

    @Test
    void aCommandCancelledBeforeItsTurnIsNotCarriedOut() {
        Deque<Runnable> turns = new ArrayDeque<>();
        try (Fixture later = new Fixture(journal, Schedulers.fromExecutor(turns::add), Authorizer.ALLOW_ALL)) {
            Outcome<InitRepoO> a = new Outcome<>(later.registry.initRepo(
                    Fixture.CALLER, Fixture.repo("/data/a").build()));
            Outcome<InitRepoO> b = new Outcome<>(later.registry.initRepo(
                    Fixture.CALLER, Fixture.repo("/data/b").build()));
            a.subscription.dispose();
            while (!turns.isEmpty()) {
                turns.remove().run();
            }
            assertThat(a.open()).isTrue();
            assertThat(b.value).isNotNull();
            assertThat(later.registryTypes()).containsOnlyOnce(RegistryEvent.Type.EV_FSO_REPO_ACCEPTED);
        }
    }

    @Test
    void anErrorInATransactionIsThatCallersAlone() {
        Authorizer broken = (principal, action, scope) -> {
            if (action.equals("fso/confirm-repo")) {
                throw new StackOverflowError("made by the test");
            }
        };
        InitRepoO repo = fixture.initRepo("/data/a");
        Fixture other = new Fixture(journal, Schedulers.immediate(), broken);
        ConfirmShadowI confirm = ConfirmShadowI.newBuilder()
                .setRepo(repo.getRepo())
                .setShadowPath("/s")
                .build();
        assertThat(new Outcome<>(other.registry.confirmShadow(Fixture.CALLER, confirm)).error)
                .isInstanceOf(StackOverflowError.class);
        assertThat(other.initRepo("/data/b")).isNotNull();
    }

    @Test
    void aCallAfterTheSchedulerIsGoneIsAnswered() {
        var scheduler = Schedulers.newSingle("gone");
        Fixture other = new Fixture(journal, scheduler, Authorizer.ALLOW_ALL);
        Fixture.done(Mono.fromSupplier(() -> other.registryVid(Fixture.REG)));
        scheduler.dispose();
        for (int i = 0; i < 3; i++) {
            Mono<InitRepoO> call = other.registry.initRepo(
                    Fixture.CALLER, Fixture.repo("/data/x").build());
            assertThat(new Outcome<>(call).error).isNotNull();
        }
    }

    @Test
    void callsOnTheirWayWhenTheSchedulerGoesAreAnswered() {
        var scheduler = Schedulers.newSingle("going");
        Fixture other = new Fixture(journal, scheduler, Authorizer.ALLOW_ALL);
        Fixture.done(Mono.fromSupplier(() -> other.registryVid(Fixture.REG)));
        journal.hold();
        Outcome<InitRepoO> onItsWay = new Outcome<>(
                other.registry.initRepo(Fixture.CALLER, Fixture.repo("/data/x").build()));
        Awaitility.await().until(() -> journal.waiting() == 1);
        scheduler.dispose();
        Outcome<InitRepoO> next = new Outcome<>(
                other.registry.initRepo(Fixture.CALLER, Fixture.repo("/data/y").build()));
        journal.let();
        Awaitility.await().untilAsserted(() -> {
            assertThat(onItsWay.open()).isFalse();
            assertThat(next.error).isNotNull();
        });
    }

    @Test
    void aLoadedStateIsThereForItsTransactionAlsoWhenAllOthersAreOnTheWay() {
        StateCache cache = new StateCache(EntityStreams.own(), 17);
        cache.loaded(EntityStreams.own(), new Snapshot<>(Vid.EPOCH, "own"));
        for (int i = 0; i < 17; i++) {
            cache.loaded(EntityStreams.repo(i), new Snapshot<>(Vid.EPOCH, "r" + i));
            cache.advance(Map.of(EntityStreams.repo(i), new Snapshot<>(new Vid(1, 1), "pending")));
        }
        cache.loaded(EntityStreams.repo(17), new Snapshot<>(Vid.EPOCH, "r17"));
        assertThat(cache.pending(EntityStreams.repo(17))).isNotNull();
    }

    @Test
    void repoStatesAreKeptUpToTheBoundAndNotWhileOnTheirWay() {
        StateCache cache = new StateCache(EntityStreams.own(), 17);
        cache.loaded(EntityStreams.own(), new Snapshot<>(Vid.EPOCH, "own"));
        var onTheWay = Map.<StreamId, Snapshot<?>>of(EntityStreams.repo(0), new Snapshot<>(new Vid(1, 1), "pending"));
        cache.loaded(EntityStreams.repo(0), new Snapshot<>(Vid.EPOCH, "zero"));
        cache.advance(onTheWay);
        for (int i = 1; i < 100; i++) {
            cache.loaded(EntityStreams.repo(i), new Snapshot<>(Vid.EPOCH, "r" + i));
        }
        assertThat(cache.size()).isEqualTo(17);
        assertThat(cache.pending(EntityStreams.own())).isNotNull();
        assertThat(cache.pending(EntityStreams.repo(0)))
                .as("the journal does not show it yet")
                .isNotNull();
        cache.durable(onTheWay);
        for (int i = 100; i < 200; i++) {
            cache.loaded(EntityStreams.repo(i), new Snapshot<>(Vid.EPOCH, "r" + i));
        }
        assertThat(cache.pending(EntityStreams.repo(0))).isNull();
    }

    private static final class EntityStreams {
        static StreamId own() {
            return Category.REGISTRY.stream(EntityIds.registry(Fixture.REG));
        }

        static StreamId repo(int number) {
            return Category.REPO.stream(new UUID(1, number));
        }
    }

    @Test
    void manyCommandsFromManyThreadsAllGetTheirAnswer() {
        RegistryConfig config = RegistryConfig.builder(Schedulers.parallel(), new Random(3))
                .cachedRepos(16)
                .build();
        Fixture other = new Fixture(journal, config);
        List<Mono<InitRepoO>> calls = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            calls.add(other.registry
                    .initRepo(Fixture.CALLER, Fixture.repo("/data/" + i % 1_500).build())
                    .onErrorComplete(CommandRejectedException.class)
                    .subscribeOn(Schedulers.parallel()));
        }
        List<InitRepoO> answers =
                Fixture.done(Flux.merge(Flux.fromIterable(calls), 64).collectList());
        assertThat(answers).hasSize(1_500);
        assertThat(Fixture.done(other.registry.info(Fixture.CALLER, info())).getNumRepos())
                .isEqualTo(1_500);
    }
}
