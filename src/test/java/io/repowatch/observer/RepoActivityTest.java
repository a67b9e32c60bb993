package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.engine.ActivityFactory;
import io.repowatch.engine.Event;
import io.repowatch.engine.Scope;
import io.repowatch.engine.Step;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import io.repowatch.testkit.Change;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.RepoEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a repo's activity does in which callback: nothing while it replays, and no port call outside an await. */
class RepoActivityTest {
    private static final UUID W = new UUID(9, 1);

    private final ScriptedRepo a = new ScriptedRepo(new UUID(1, 1), "reg", "/own/a", "host1");
    private final List<String> effects = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();
    private final RepoWork work = work();
    private final RepoChains chains =
            new RepoChains(new RecordingScope(), (unused, link) -> (key, scope) -> activity());
    private long lastVid;
    private Vid handled = Vid.EPOCH;

    private RepoWork work() {
        ObserverConfig config =
                ObserverConfig.builder().registry("reg").prefix("/own").build();
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        Ports ports = new Ports();
        WorkflowParts parts = new WorkflowParts(
                new Workings(),
                new WorkflowWork(config, ports, ports, ports, clock, Schedulers.immediate()),
                new WorkflowBoard(workflow -> ""),
                observations::add,
                Schedulers.immediate());
        return new RepoWork(
                config,
                ports,
                ports,
                parts,
                new FailurePolicy(config, ports, clock, observations::add),
                observations::add,
                new StatusBoard(clock));
    }

    private RepoActivity activity() {
        return new RepoActivity(new RepoContext(work, chains), new RecordingScope(), Link.FOLLOW);
    }

    private Event<RepoEvent> event(Change<RepoEvent> change) {
        lastVid++;
        return new Event<>(new Vid(1, lastVid), null, change.body());
    }

    @Test
    void replayingAnyHistoryDoesNothingThatIsSeenOutside() {
        List<Change<RepoEvent>> all = List.of(
                a.initStarted(),
                a.initStartedWithGitlab(),
                a.shadowCreated(),
                a.gitlabAccepted(),
                a.gitCreated(),
                a.errorSet("x"),
                a.errorCleared(),
                a.moveStarted(W, "/foreign/a"),
                a.moved(W, "/foreign/a"),
                a.moved(W, "/own/b"),
                a.shadowMoveStarted(W),
                a.shadowMoved(W),
                a.event(RepoEvent.newBuilder().setEventValue(9999).build()),
                a.event(RepoEvent.newBuilder()
                        .setEvent(RepoEvent.Type.EV_FSO_REPO_MOVED)
                        .build()));
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RepoActivity activity = activity();
            for (int i = 0; i < 20; i++) {
                activity.replay(event(all.get(random.nextInt(all.size()))));
            }
            assertThat(effects).as("seed %d", seed).isEmpty();
            assertThat(observations).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void portsAreCalledOnlyInsideAnAwaitThatSaysWhy() {
        RepoActivity activity = activity();
        activity.replay(event(a.initStarted()));
        Step step = activity.quiesced().block(Duration.ofSeconds(10));
        assertThat(effects).isEmpty();
        assertThat(step).isInstanceOfSatisfying(Step.Await.class, await -> {
            assertThat(await.why()).isEqualTo("the shadow repo is being made");
            assertThat(await.outcome().block(Duration.ofSeconds(10))).isInstanceOf(Step.Next.class);
        });
        assertThat(effects).containsExactly("init");
    }

    @Test
    void aRepeatedLiveEventIsFoldedOnce() {
        RepoActivity activity = activity();
        activity.replay(event(a.initStarted()));
        activity.replay(event(a.shadowCreated()));
        activity.replay(event(a.moveStarted(W, "/foreign/a")));
        Event<RepoEvent> moved = event(a.moved(W, "/foreign/a"));
        // What it waits for fails, so the engine calls again.
        assertThat(activity.live(moved).block(Duration.ofSeconds(10))).isInstanceOf(Step.Await.class);
        assertThat(activity.live(moved).block(Duration.ofSeconds(10))).isInstanceOf(Step.Await.class);
        assertThat(effects).containsExactly("drop");
    }

    @Test
    void aRepoThatHasSleptKnowsAllThatItKnewBefore() {
        RepoActivity activity = activity();
        activity.replay(event(a.initStarted()));
        activity.replay(event(a.shadowCreated()));
        handled = new Vid(1, lastVid);
        Event<RepoEvent> malformed = event(a.event(RepoEvent.newBuilder()
                .setEvent(RepoEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                .build()));
        assertThat(activity.live(malformed).block(Duration.ofSeconds(10))).isInstanceOf(Step.Rest.class);
        handled = malformed.id();
        assertThat(activity.live(event(a.moveStarted(W, "/foreign/a")))
                        .block(Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(Step.Await.class, await -> assertThat(await.why())
                        .isEqualTo("the repo is being disabled"));
        assertThat(observations).hasSize(1).allMatch(Observation.Malformed.class::isInstance);
    }

    private final class RecordingScope implements Scope {
        @Override
        public StreamKey<?> stream() {
            return new RepoKey(a.id());
        }

        @Override
        public Vid tail() {
            return handled;
        }

        @Override
        public <E> void startInTurn(StreamKey<E> key, Object tag, ActivityFactory<E> factory) {
            effects.add("start");
        }

        @Override
        public boolean dropQueued(StreamKey<?> key, Object tag) {
            effects.add("drop");
            return false;
        }

        @Override
        public List<Object> tags(StreamKey<?> key) {
            return List.of();
        }

        @Override
        public boolean idle(StreamKey<?> key) {
            return true;
        }
    }

    private final class Ports implements Initializer, Processor, NoWorkflowCommands {
        private <T> Mono<T> effect(String name) {
            return Mono.fromRunnable(() -> effects.add(name));
        }

        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return effect("get");
        }

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return effect("init");
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return effect("gitlab");
        }

        @Override
        public Mono<Void> enable(RepoInfo info) {
            return effect("enable");
        }

        @Override
        public Mono<Void> disable(UUID repo) {
            return effect("disable");
        }

        @Override
        public Mono<GetRepoO> getRepo(UUID repo) {
            return effect("rpc");
        }

        @Override
        public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
            return effect("rpc");
        }

        @Override
        public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
            return effect("rpc");
        }

        @Override
        public Mono<Vid> setRepoError(UUID repo, String message) {
            return effect("rpc");
        }
    }
}
