package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.GetRegistryPingsI;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.v1.AbortRequest;
import io.repowatch.wire.v1.LookupRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The registry dies around every append of a freeze, an unfreeze, a ping and its index: before it, when it is on disk but not
 * answered yet, and after. Whoever repeats the request at the next server gets its answer, and the histories are those of a
 * server that never died.
 */
class FreezeRestartTest {
    private static final UUID W1 = Freezing.workflow(1);
    private static final UUID W2 = Freezing.workflow(2);

    /** Requests in their order; each has exactly one append. */
    enum Story {
        FREEZE_AND_UNFREEZE(
                server -> server.begin(W1),
                server -> server.commitFiles(W1),
                server -> server.beginUnfreeze(W2),
                server -> server.commitUnfreezeFiles(W2)),
        FAILED_FREEZE(server -> server.begin(W1), server -> server.abortFiles(W1, 105, "no")),
        FAILED_UNFREEZE(
                server -> server.begin(W1),
                server -> server.commitFiles(W1),
                server -> server.beginUnfreeze(W2),
                server -> server.abortUnfreezeFiles(W2, 108, "no")),
        ABORTED_FREEZE(server -> server.begin(W1), server -> abort(server, W1)),
        EXPIRY(
                server -> server.begin(W1),
                server -> server.commitFiles(W1),
                server ->
                        timed(server).delete(Fixture.REG, W1).cast(Object.class).defaultIfEmpty("gone")),
        PING(
                server -> server.beginPing(W1),
                server -> timed(server).ping(Fixture.REG, W1, "nogfsoregd ping 1"),
                server -> timed(server).summarize(Fixture.REG, W1),
                server -> server.fixture.registry.commitPingRegistry(
                        Fixture.CALLER,
                        CommitPingRegistryI.newBuilder()
                                .setWorkflow(Fixture.bytes(W1))
                                .build())),
        EXPIRED_PING(server -> server.beginPing(W1), server -> timed(server).expire(Fixture.REG, W1));

        final List<Function<Freezing, Mono<?>>> requests;

        @SafeVarargs
        Story(Function<Freezing, Mono<?>>... requests) {
            this.requests = List.of(requests);
        }

        private static TimedCommands timed(Freezing server) {
            return new TimedCommands(
                    server.fixture.registry, Fixture.CLOCK, Schedulers.immediate(), IndexSnapshots.DEFAULT);
        }

        private static Mono<?> abort(Freezing server, UUID workflow) {
            return server.fixture.registry.abort(
                    Fixture.CALLER,
                    AbortRequest.newBuilder()
                            .setRegistry(Fixture.REG)
                            .setWorkflow(Fixture.bytes(workflow))
                            .setReason("changed my mind")
                            .build());
        }
    }

    static Stream<Arguments> deaths() {
        return Death.around(Story.values(), story -> story.requests.size());
    }

    private final ScriptedJournal journal = new ScriptedJournal();
    private Freezing server = new Freezing(new Fixture(journal).prepared());

    private void restart() {
        server.fixture.registry.close();
        server = server.on(new Fixture(journal));
    }

    @ParameterizedTest(name = "{0}, request {1}, {2}")
    @MethodSource("deaths")
    void w17_aDeathLeavesAllOfARequestOrNothing(Story story, int fatal, Death death) {
        for (int step = 0; step < story.requests.size(); step++) {
            Function<Freezing, Mono<?>> request = story.requests.get(step);
            Object first = step == fatal ? death.strike(request.apply(server), journal, this::restart) : null;
            Object answer = Fixture.done(request.apply(server));
            if (first != null && !answer.equals("gone")) {
                assertThat(answer).as("the same answer").isEqualTo(first);
            }
        }
        assertThat(histories()).isEqualTo(undisturbed(story));
    }

    private List<Object> histories() {
        List<Object> all = new ArrayList<>();
        all.add(server.fixture.registryTypes());
        all.add(server.fixture.repoEvents(server.repo).stream()
                .map(RepoEvent::getEvent)
                .toList());
        for (UUID workflow : List.of(W1, W2)) {
            all.add(server.events(workflow).stream()
                    .map(event -> event.getEvent() + " " + event.getStatusCode() + " " + event.getStatusMessage())
                    .toList());
            all.add(server.events(workflow).isEmpty() ? Optional.empty() : lookup(workflow));
        }
        all.add(server.index().stream()
                .map(event -> event.getEvent() + " " + Fixture.uuid(event.getWorkflowId()))
                .toList());
        all.add(server.tiers());
        all.add(server.fixture.getRepo(server.repo).getErrorMessage());
        return all;
    }

    private String lookup(UUID workflow) {
        var reply = Fixture.done(server.fixture.registry.lookup(
                Fixture.CALLER,
                LookupRequest.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setWorkflow(Fixture.bytes(workflow))
                        .build()));
        String status = reply.getKind().equals("freeze-repo")
                ? Fixture.done(server.get(workflow, JobControl.JC_WAIT)).getStatusCode() + ""
                : reply.getKind().equals("ping-registry")
                        ? Fixture.done(server.fixture.registry.getRegistryPings(
                                                Fixture.CALLER,
                                                GetRegistryPingsI.newBuilder()
                                                        .setWorkflow(Fixture.bytes(workflow))
                                                        .setJobControl(JobControl.JC_WAIT)
                                                        .build()))
                                        .getServerPingsCount()
                                + " pings"
                        : "";
        return reply.getKind() + " " + reply.getState() + " " + reply.getStatusCode() + " " + reply.getStatusMessage()
                + " " + status;
    }

    private static List<Object> undisturbed(Story story) {
        FreezeRestartTest other = new FreezeRestartTest();
        story.requests.forEach(request -> Fixture.done(request.apply(other.server)));
        return other.histories();
    }
}
