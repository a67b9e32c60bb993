package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.PostServerPingSummaryI;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsI;
import io.repowatch.wire.nogfso.ServerPingI;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What happens because time passes, in virtual time; with the defects of registry specification §10 that belong to it. */
class TimedWorkflowsTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final UUID W1 = Freezing.workflow(1);
    private static final UUID W2 = Freezing.workflow(2);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private Duration setBack = Duration.ZERO;
    private final InstantSource clock =
            () -> BEGIN.plusMillis(time.now(TimeUnit.MILLISECONDS)).minus(setBack);
    private final ScriptedJournal journal = new ScriptedJournal();
    private final List<Throwable> failures = new ArrayList<>();
    private Fixture fixture = server().prepared();
    private Freezing freezing = new Freezing(fixture);
    private Disposable serving = serve(20);

    private Fixture server() {
        return new Fixture(
                journal,
                RegistryConfig.builder(Schedulers.immediate(), new Random(7))
                        .clock(clock)
                        .authorizer(Authorizer.ALLOW_ALL)
                        .build());
    }

    private Disposable serve(int readLimit) {
        TimedWorkflows timed = TimedWorkflows.of(
                journal, fixture.registry, new TimedWorkflows.Settings(time, time, clock, new Random(7)), readLimit);
        Disposable running = timed.serve().subscribe(nothing -> {}, failures::add);
        time.advanceTimeBy(Duration.ZERO);
        return running;
    }

    @AfterEach
    void stop() {
        serving.dispose();
        assertThat(failures).isEmpty();
    }

    private void restart(int readLimit) {
        serving.dispose();
        fixture.registry.close();
        fixture = server();
        freezing = freezing.on(fixture);
        serving = serve(readLimit);
    }

    private void restart() {
        restart(20);
    }

    /** Time passes in steps, as each event may make another one due. */
    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
        time.advanceTimeBy(Duration.ZERO);
    }

    private List<WorkflowEvent.Type> types(UUID workflow) {
        return freezing.events(workflow).stream().map(WorkflowEvent::getEvent).toList();
    }

    private List<WorkflowEvent.Type> indexTypes() {
        return freezing.index().stream().map(WorkflowEvent::getEvent).toList();
    }

    private long pings(UUID workflow) {
        return types(workflow).stream()
                .filter(type -> type == WorkflowEvent.Type.EV_FSO_SERVER_PINGED)
                .count();
    }

    private void ping(int code, String message) {
        Fixture.done(fixture.registry.serverPing(
                Fixture.CALLER,
                ServerPingI.newBuilder()
                        .setWorkflow(Fixture.bytes(W1))
                        .setStatusCode(code)
                        .setStatusMessage(message)
                        .build()));
    }

    private WorkflowEvent last(UUID workflow) {
        List<WorkflowEvent> events = freezing.events(workflow);
        return events.get(events.size() - 1);
    }

    @Test
    void aStopInOrderIsNoFailure() {
        serving.dispose();
        TimedWorkflows timed = TimedWorkflows.of(
                journal, fixture.registry, new TimedWorkflows.Settings(time, time, clock, new Random(7)));
        StepVerifier.create(timed.serve())
                .then(() -> pass(Duration.ofSeconds(1)))
                .then(() -> StepVerifier.create(timed.stop(Duration.ZERO)).verifyComplete())
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void s11TheServerPingsThreeTimesAndCountsAfterTenSeconds() {
        Fixture.done(freezing.beginPing(W1));
        pass(Duration.ZERO);
        assertThat(pings(W1)).isEqualTo(1);
        pass(Duration.ofMillis(999));
        assertThat(pings(W1)).isEqualTo(1);
        pass(Duration.ofMillis(1));
        assertThat(pings(W1)).isEqualTo(2);
        ping(0, "nogfsostad ping");
        pass(Duration.ofSeconds(1));
        assertThat(freezing.events(W1).stream().skip(1).map(WorkflowEvent::getStatusMessage))
                .containsExactly("nogfsoregd ping 1", "nogfsoregd ping 2", "nogfsostad ping", "nogfsoregd ping 3");
        ping(5, "broken");
        pass(Duration.ofMillis(7_999));
        assertThat(pings(W1)).isEqualTo(5);
        pass(Duration.ofMillis(1));
        assertThat(last(W1).getEvent()).isEqualTo(WorkflowEvent.Type.EV_FSO_SERVER_PINGS_GATHERED);
        assertThat(last(W1).getStatusMessage()).isEqualTo("{ totalCount: 5, errorCount: 1 }");
        assertThat(last(W1).getStatusCode()).isEqualTo(1);
        pass(Duration.ofHours(1));
        assertThat(last(W1).getEvent()).isEqualTo(WorkflowEvent.Type.EV_FSO_SERVER_PINGS_GATHERED);
    }

    @Test
    void aSummaryThatSomebodyElsePostedIsFine() {
        Fixture.done(freezing.beginPing(W1));
        pass(Duration.ofSeconds(2));
        Fixture.done(fixture.registry.postServerPingSummary(
                Fixture.CALLER,
                PostServerPingSummaryI.newBuilder()
                        .setWorkflow(Fixture.bytes(W1))
                        .setStatusMessage("enough")
                        .build()));
        pass(Duration.ofSeconds(30));
        assertThat(last(W1).getStatusMessage()).isEqualTo("enough");
    }

    /** With one permit for reads, and a server that stops in the middle. */
    @Test
    void w21_manyPingsWaitWithoutHoldingAnythingAndSurviveARestart() {
        restart(1);
        List<UUID> workflows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            workflows.add(Freezing.workflow(100 + i));
            Fixture.done(freezing.beginPing(workflows.get(i)));
        }
        pass(Duration.ofMillis(1500));
        restart(1);
        pass(Duration.ofMillis(8500));
        for (UUID workflow : workflows) {
            assertThat(pings(workflow)).isEqualTo(3);
            assertThat(last(workflow).getStatusMessage()).isEqualTo("{ totalCount: 3, errorCount: 0 }");
        }
    }

    @Test
    void w20_aPingThatNobodyEndsIsEndedAfterADayAndLeavesTheIndexFiveDaysLater() {
        Fixture.done(freezing.beginPing(W1));
        pass(Duration.ofDays(1).minusMillis(1));
        assertThat(last(W1).getEvent()).isEqualTo(WorkflowEvent.Type.EV_FSO_SERVER_PINGS_GATHERED);
        pass(Duration.ofMillis(1));
        assertThat(last(W1).getEvent()).isEqualTo(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMMITTED);
        pass(Duration.ofDays(5).minusMillis(1));
        assertThat(indexTypes()).endsWith(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMPLETED);
        restart();
        pass(Duration.ofMillis(1));
        assertThat(indexTypes())
                .containsExactly(
                        WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED,
                        WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMPLETED,
                        WorkflowEvent.Type.EV_FSO_PING_REGISTRY_DELETED);
        pass(Duration.ofDays(30));
        assertThat(indexTypes()).hasSize(3);
    }

    @Test
    void w20_endedFreezesAndUnfreezesLeaveTheIndexToo() {
        freezing.freeze(W1);
        Fixture.done(freezing.beginUnfreeze(W2));
        pass(Duration.ofDays(2));
        Fixture.done(freezing.abortUnfreezeFiles(W2, 108, "no"));
        pass(Duration.ofDays(3).minusMillis(1));
        assertThat(indexTypes()).doesNotContain(WorkflowEvent.Type.EV_FSO_FREEZE_REPO_DELETED);
        pass(Duration.ofMillis(1));
        assertThat(indexTypes()).endsWith(WorkflowEvent.Type.EV_FSO_FREEZE_REPO_DELETED);
        pass(Duration.ofDays(2));
        assertThat(indexTypes()).endsWith(WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_DELETED);
    }

    /** A freeze whose observer is away is the observer's, or an operator's, to give up; time alone does not. */
    @Test
    void aFreezeThatRunsIsNotEndedByTime() {
        Fixture.done(freezing.begin(W1));
        pass(Duration.ofDays(100));
        assertThat(freezing.tiers()).isEqualTo("ST_FREEZING ST_FREEZING");
    }

    @Test
    void w20_oneBrokenWorkflowDoesNotKeepOthersFromExpiring() {
        freezing.freeze(W1);
        UUID broken = Freezing.workflow(9);
        Vid vid = fixture.journal.newest();
        Vid id = new Vid(vid.hi(), vid.lo() + 1000);
        StreamId stream = Category.EPHEMERAL_WORKFLOW.stream(broken);
        Fixture.done(journal.memory.append(List.of(new Append(
                stream, Vid.EPOCH, List.of(new StoredEvent(id, new byte[] {1, 2, 3}))))));
        WorkflowEvent listed = WorkflowEvent.newBuilder()
                .setEvent(WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2)
                .setWorkflowId(Fixture.bytes(broken))
                .build();
        StreamId index = Category.EPHEMERAL_WORKFLOW.stream(EntityIds.workflowIndex(Fixture.REG));
        Vid before = Fixture.done(journal.tail(index));
        Vid next = new Vid(id.hi(), id.lo() + 1);
        byte[] body = IndexAggregate.INSTANCE.bytes(IndexAggregate.INSTANCE.identified(listed, next, before));
        Fixture.done(journal.memory.append(List.of(new Append(index, before, List.of(new StoredEvent(next, body))))));
        restart();
        pass(Duration.ofDays(5));
        assertThat(indexTypes()).endsWith(WorkflowEvent.Type.EV_FSO_FREEZE_REPO_DELETED);
    }

    @Test
    void aJournalThatFailsForAWhileOnlyDelays() {
        Fixture.done(freezing.beginPing(W1));
        pass(Duration.ofSeconds(3));
        journal.hold();
        pass(Duration.ofSeconds(7));
        assertThat(journal.waiting()).isEqualTo(1);
        journal.fail(new JournalException("the disk said no"));
        journal.flow();
        pass(Duration.ofSeconds(5));
        assertThat(last(W1).getStatusMessage()).isEqualTo("{ totalCount: 3, errorCount: 0 }");
    }

    /** Else nobody counts them before the clock has caught up. */
    @Test
    void pingsAreCountedInTimeThoughTheClockWasSetBackWithARestart() {
        Fixture.done(freezing.beginPing(W1));
        pass(Duration.ofMillis(1500));
        setBack = Duration.ofDays(400);
        restart();
        pass(Duration.ofSeconds(10));
        assertThat(last(W1).getStatusMessage()).isEqualTo("{ totalCount: 3, errorCount: 0 }");
        Fixture.done(freezing.beginPing(W2));
        pass(Duration.ofMillis(9_999));
        assertThat(last(W2).getEvent()).isEqualTo(WorkflowEvent.Type.EV_FSO_SERVER_PINGED);
        pass(Duration.ofMillis(1));
        assertThat(last(W2).getStatusMessage()).isEqualTo("{ totalCount: 3, errorCount: 0 }");
    }

    @Test
    void theRequesterEndsAPing() {
        Fixture.done(freezing.beginPing(W1));
        pass(Duration.ofSeconds(10));
        Fixture.done(fixture.registry.commitPingRegistry(
                Fixture.CALLER,
                CommitPingRegistryI.newBuilder().setWorkflow(Fixture.bytes(W1)).build()));
        pass(Duration.ofDays(5));
        assertThat(indexTypes()).endsWith(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_DELETED);
    }

    /** More than two hundred at once, which the original never made a snapshot of. */
    @Test
    void w20_aLongIndexGetsASnapshotHoweverManyWorkflowsItHas() {
        serving.dispose();
        for (int i = 0; i < 250; i++) {
            Fixture.done(freezing.beginPing(Freezing.workflow(1000 + i)));
        }
        assertThat(IndexSnapshots.DEFAULT.wants(IndexState.INITIAL)).isFalse();
        IndexState state = state();
        assertThat(IndexSnapshots.DEFAULT.wants(state)).isFalse();
        IndexState longer = new IndexState(state.entries(), 300 * 251 + 1, Vid.EPOCH);
        assertThat(IndexSnapshots.DEFAULT.wants(longer)).isTrue();
        List<WorkflowEvent> snapshot = IndexSnapshot.of(state);
        assertThat(snapshot).hasSize(3);
        assertThat(snapshot.get(1).getWorkflowIndexState().getPingRegistryList())
                .hasSize(250);
        serving = serve(20);
    }

    @Test
    void aSnapshotIsWrittenWhenItIsWorthwhileAndSaysTheSame() {
        freezing.freeze(W1);
        Fixture.done(freezing.beginUnfreeze(W2));
        Fixture.done(freezing.beginPing(Freezing.workflow(3)));
        serving.dispose();
        fill(1200);
        IndexState before = state();
        serving = serve(20);
        List<WorkflowEvent> events = freezing.index();
        List<WorkflowEvent> snapshot = events.subList(events.size() - 5, events.size());
        assertThat(snapshot.stream().map(WorkflowEvent::getEvent))
                .containsExactly(
                        WorkflowEvent.Type.EV_SNAPSHOT_BEGIN,
                        WorkflowEvent.Type.EV_WORKFLOW_INDEX_SNAPSHOT_STATE,
                        WorkflowEvent.Type.EV_WORKFLOW_INDEX_SNAPSHOT_STATE,
                        WorkflowEvent.Type.EV_WORKFLOW_INDEX_SNAPSHOT_STATE,
                        WorkflowEvent.Type.EV_SNAPSHOT_END);
        IndexState after = state();
        assertThat(after.list().stream().map(TimedWorkflowsTest::unlisted).toList())
                .isEqualTo(
                        before.list().stream().map(TimedWorkflowsTest::unlisted).toList());
        assertThat(after.events()).isZero();
        restart();
        assertThat(freezing.index()).hasSize(events.size());
        List<WorkflowEvent> shown = shown();
        assertThat(shown).as("readers begin with the snapshot").isEqualTo(snapshot);
        Fixture.done(freezing.beginPing(Freezing.workflow(4)));
        assertThat(shown()).hasSize(snapshot.size() + 1);
    }

    private List<WorkflowEvent> shown() {
        return Fixture.done(fixture.registry
                        .registryWorkflowIndexEvents(
                                Fixture.CALLER,
                                RegistryWorkflowIndexEventsI.newBuilder()
                                        .setRegistry(Fixture.REG)
                                        .build())
                        .collectList())
                .stream()
                .flatMap(message -> message.getEventsList().stream())
                .toList();
    }

    private static IndexEntry unlisted(IndexEntry entry) {
        return new IndexEntry(
                entry.kind(), entry.workflow(), entry.path(), entry.started(), entry.completed(), Vid.EPOCH);
    }

    private IndexState state() {
        return Fixture.done(Replay.of(journal, IndexAggregate.ref(Fixture.REG))).state();
    }

    /** Pings that came and went, straight into the journal. */
    private void fill(int events) {
        StreamId index = Category.EPHEMERAL_WORKFLOW.stream(EntityIds.workflowIndex(Fixture.REG));
        Vid parent = Fixture.done(journal.tail(index));
        List<StoredEvent> stored = new ArrayList<>();
        long lo = 1;
        for (int i = 0; i < events; i++) {
            UUID workflow = Freezing.workflow(5000 + i / 3);
            WorkflowEvent.Type type = switch (i % 3) {
                case 0 -> WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED;
                case 1 -> WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMPLETED;
                default -> WorkflowEvent.Type.EV_FSO_PING_REGISTRY_DELETED;
            };
            Vid id = new Vid(journal.newest().hi(), journal.newest().lo() + lo++);
            WorkflowEvent event = WorkflowEvent.newBuilder()
                    .setEvent(type)
                    .setWorkflowId(Fixture.bytes(workflow))
                    .setWorkflowEventId(Fixture.bytes(id))
                    .build();
            stored.add(new StoredEvent(
                    id, IndexAggregate.INSTANCE.bytes(IndexAggregate.INSTANCE.identified(event, id, parent))));
            parent = id;
        }
        Fixture.done(journal.memory.append(List.of(new Append(index, Fixture.done(journal.tail(index)), stored))));
        fixture.registry.close();
        fixture = server();
        freezing = freezing.on(fixture);
    }
}
