package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.repowatch.wire.nogfso.InitRepoO;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How many commands of a registry may wait for an answer, and what becomes of the next. */
class WaitingCommandsTest {
    private static final int LIMIT = 3;
    private static final String REFUSAL =
            LIMIT + " commands of this registry wait for the journal already; try again later";

    private final ScriptedJournal journal = new ScriptedJournal();
    private final List<String> outcomes = new ArrayList<>();

    private Fixture fixture(Scheduler scheduler) {
        return new Fixture(
                journal,
                RegistryConfig.builder(scheduler, new Random(1))
                        .clock(Fixture.CLOCK)
                        .waitingCommands(LIMIT)
                        .build());
    }

    private Disposable init(Fixture fixture, String path) {
        Mono<InitRepoO> command =
                fixture.registry.initRepo(Fixture.CALLER, Fixture.repo(path).build());
        return command.subscribe(
                done -> outcomes.add(path + " done"), error -> outcomes.add(path + " " + error.getMessage()));
    }

    private static String refused(String path) {
        return path + " registry error: " + REFUSAL;
    }

    @Test
    void oneTooManyIsRefusedAtOnceAndTheOthersAreAnswered() {
        Fixture fixture = fixture(Schedulers.immediate()).prepared();
        journal.hold();
        for (String path : List.of("/data/a", "/data/b", "/data/c", "/data/d")) {
            init(fixture, path);
        }
        assertThat(outcomes).containsExactly(refused("/data/d"));
        journal.let();
        init(fixture, "/data/e");
        init(fixture, "/data/f");
        assertThat(outcomes).containsExactly(refused("/data/d"), "/data/a done", refused("/data/f"));
        journal.flow();
        assertThat(outcomes)
                .contains("/data/b done", "/data/c done", "/data/e done")
                .hasSize(6);
    }

    @Test
    void refusalsAndFailuresFreeTheirPlaces() {
        Fixture fixture = fixture(Schedulers.immediate()).prepared();
        for (int i = 0; i < 2 * LIMIT; i++) {
            init(fixture, "/elsewhere");
        }
        journal.hold();
        for (int i = 0; i < LIMIT; i++) {
            init(fixture, "/data/failing" + i);
        }
        for (int i = 0; i < LIMIT; i++) {
            journal.fail();
            // What rested on it is decided again, and still waits.
        }
        outcomes.clear();
        journal.flow();
        journal.hold();
        for (int i = 0; i < LIMIT; i++) {
            init(fixture, "/data/" + i);
        }
        assertThat(outcomes).noneMatch(outcome -> outcome.endsWith(REFUSAL));
        init(fixture, "/data/more");
        assertThat(outcomes).last().isEqualTo(refused("/data/more"));
    }

    @Test
    void aCommandThatIsCancelledBeforeItsDecisionFreesItsPlace() {
        fixture(Schedulers.immediate()).prepared();
        Deque<Runnable> turns = new ArrayDeque<>();
        Fixture fixture = fixture(Schedulers.fromExecutor(turns::add));
        init(fixture, "/data/a");
        runAll(turns);
        assertThat(outcomes).containsExactly("/data/a done");
        for (int i = 0; i < LIMIT; i++) {
            init(fixture, "/data/cancelled" + i).dispose();
        }
        runAll(turns);
        init(fixture, "/data/b");
        runAll(turns);
        assertThat(outcomes).containsExactly("/data/a done", "/data/b done");
    }

    private static void runAll(Deque<Runnable> turns) {
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
    }

    @Test
    void anotherRegistryIsNotHeldUp() {
        Fixture fixture = fixture(Schedulers.immediate()).prepared();
        fixture.initRegistry("other");
        fixture.initRoot("other", "/data");
        journal.hold();
        for (int i = 0; i < LIMIT + 1; i++) {
            init(fixture, "/data/" + i);
        }
        fixture.registry
                .initRepo(
                        Fixture.CALLER,
                        Fixture.repo("/data/x").setRegistry("other").build())
                .subscribe(done -> outcomes.add("other done"));
        journal.flow();
        assertThat(outcomes).contains(refused("/data/3"), "other done");
    }

    @Test
    void clientsAreToldToTryAgainAndTheObserverDoes() {
        TooManyCommandsException error = new TooManyCommandsException(LIMIT);
        Status status = Status.fromThrowable(RegistryErrors.toStatus(error));
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).isEqualTo("registry error: " + REFUSAL);
        assertThat(RegistryErrors.toRejection(error))
                .as("no judgement of the command, which would be stored as the repo's error")
                .isSameAs(error);
    }

    @Test
    void theLimitIsTenThousandUnlessItIsSet() {
        RegistryConfig.Builder builder = RegistryConfig.builder(Schedulers.immediate(), new Random(1));
        assertThat(builder.build().waitingCommands()).isEqualTo(10_000);
        assertThatThrownBy(() -> builder.waitingCommands(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("waitingCommands must be at least 1, not 0");
    }
}
