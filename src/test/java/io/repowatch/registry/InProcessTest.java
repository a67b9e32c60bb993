package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.repowatch.engine.Event;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What an observer in the same process uses: the event source on the journal, and the commands. */
class InProcessTest {
    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal).prepared();
    private final JournalEventSource source = new JournalEventSource(journal);
    private final InProcessCommands commands = new InProcessCommands(fixture.registry, Fixture.CALLER);

    @Test
    void wakeUpsBeginWithAllAndLoseNothing() {
        List<Wakeup> seen = new ArrayList<>();
        var subscription = source.wakeups().subscribe(seen::add);
        assertThat(seen).containsExactly(Wakeup.ALL);
        UUID repo = Fixture.uuid(fixture.initRepo("/data/a").getRepo());
        assertThat(seen).containsExactly(Wakeup.ALL, Wakeup.of(EntityIds.registry(Fixture.REG)), Wakeup.of(repo));
        subscription.dispose();
        assertThat(source.lossless()).isTrue();
        StepVerifier.create(source.wakeups(), 1)
                .expectNext(Wakeup.ALL)
                .then(() -> fixture.initRepo("/data/b"))
                .thenRequest(1)
                .expectNext(Wakeup.of(EntityIds.registry(Fixture.REG)))
                .thenCancel()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void streamsAreReadWithIdsAndParents() {
        fixture.initRepo("/data/a");
        List<RegistryEvent> expected = fixture.registryEvents(Fixture.REG);
        List<Event<RegistryEvent>> events = Fixture.done(
                source.read(new RegistryKey(Fixture.REG), Vid.EPOCH).collectList());
        assertThat(events.stream().map(Event::body)).isEqualTo(expected);
        assertThat(events.get(0).parent()).isEqualTo(Vid.EPOCH);
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).parent()).isEqualTo(events.get(i - 1).id());
            assertThat(events.get(i).id()).isEqualTo(Fixture.vid(expected.get(i).getId()));
        }
        StepVerifier.create(
                        source.read(new RegistryKey(Fixture.REG), events.get(2).id()))
                .expectNext(events.get(3))
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void everyKindOfKeyHasItsStream() {
        UUID id = new UUID(5, 5);
        byte[] body = WorkflowEvent.newBuilder().setStatusCode(7).build().toByteArray();
        fixture.put(Category.WORKFLOW.stream(id), new Vid(9, 1), body);
        fixture.put(Category.EPHEMERAL_WORKFLOW.stream(id), new Vid(9, 2), body);
        fixture.put(Category.EPHEMERAL_WORKFLOW.stream(EntityIds.workflowIndex(Fixture.REG)), new Vid(9, 3), body);
        UUID repo = Fixture.uuid(fixture.initRepo("/data/a").getRepo());
        assertThat(onlyId(new WorkflowKey(new WorkflowKey.OfRepo(repo), id))).isEqualTo(new Vid(9, 1));
        assertThat(onlyId(new WorkflowKey(new WorkflowKey.OfRegistry(Fixture.REG), id)))
                .isEqualTo(new Vid(9, 2));
        assertThat(onlyId(new IndexKey(Fixture.REG))).isEqualTo(new Vid(9, 3));
        assertThat(Fixture.done(source.read(new RepoKey(repo), Vid.EPOCH).next())
                        .body()
                        .getEvent())
                .isEqualTo(RepoEvent.Type.EV_FSO_REPO_INIT_STARTED);
        StreamKey<String> other = new StreamKey<>() {
            @Override
            public UUID entity() {
                return id;
            }

            @Override
            public StreamClass streamClass() {
                return StreamClass.GENERAL;
            }
        };
        assertThatThrownBy(() -> source.read(other, Vid.EPOCH)).isInstanceOf(IllegalArgumentException.class);
    }

    private Vid onlyId(StreamKey<?> key) {
        List<Vid> ids = Fixture.done(
                source.read(key, Vid.EPOCH).map(event -> event.id()).collectList());
        assertThat(ids).hasSize(1);
        return ids.get(0);
    }

    @Test
    void unknownPositionsAndStreamsAreToldApart() {
        StepVerifier.create(source.read(new RegistryKey(Fixture.REG), new Vid(1, 1)))
                .expectError(PositionUnknownException.class)
                .verify(Fixture.PATIENCE);
        StepVerifier.create(source.read(new RegistryKey("unknown"), new Vid(1, 1)))
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void commandsAnswerVersionsAndRejections() {
        ByteString repo = fixture.initRepo("/data/a").getRepo();
        UUID id = Fixture.uuid(repo);
        Vid vid = Fixture.done(commands.confirmShadow(id, "/s"));
        assertThat(Fixture.vid(Fixture.done(commands.getRepo(id)).getVid())).isEqualTo(vid);
        assertThat(Fixture.done(commands.confirmShadow(id, "/s"))).isEqualTo(vid);
        assertThat(Fixture.refusal(commands.confirmShadow(id, "/other")))
                .isEqualTo("ALREADY_EXISTS repos error: init conflict");
        assertThat(Fixture.done(commands.confirmGit(id, 4))).isNotEqualTo(vid);
        assertThat(Fixture.done(commands.setRepoError(id, "e"))).isNotEqualTo(vid);
        assertThat(Fixture.refusal(commands.setRepoError(id, "f")))
                .isEqualTo("FAILED_PRECONDITION repos error: command conflict");
        assertThat(Fixture.refusal(commands.getRepo(new UUID(1, 1))))
                .isEqualTo("NOT_FOUND repos error: uninitialized repo");
    }

    @Test
    void movesAreSteppedThrough() {
        Moves moves = new Moves(fixture);
        ByteString repo = moves.repo("/data/a");
        UUID id = Fixture.uuid(repo);
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        Vid released = Fixture.done(commands.postMoveRepoStaReleased(id, Moves.WORKFLOW));
        assertThat(Fixture.done(commands.postMoveRepoStaReleased(id, Moves.WORKFLOW)))
                .isEqualTo(released);
        Vid committed = Fixture.done(commands.commitMoveRepo(id, Moves.WORKFLOW, "/s"));
        assertThat(Fixture.vid(moves.lookup(Moves.WORKFLOW).getWorkflowVid())).isEqualTo(committed);
        assertThat(Fixture.refusal(commands.commitMoveRepo(id, Moves.WORKFLOW, "/t")))
                .isEqualTo("FAILED_PRECONDITION workflow terminated");
        Fixture.done(moves.beginShadow(repo, Moves.OTHER, "/u"));
        Vid disabled = Fixture.done(commands.postMoveShadowStaDisabled(id, Moves.OTHER));
        assertThat(Fixture.vid(moves.lookup(Moves.OTHER).getWorkflowVid())).isEqualTo(disabled);
        List<Event<WorkflowEvent>> events =
                Fixture.done(source.read(new WorkflowKey(new WorkflowKey.OfRepo(id), Moves.WORKFLOW), Vid.EPOCH)
                        .collectList());
        assertThat(events).hasSize(5);
        assertThat(events.get(4).id()).isEqualTo(committed);
    }

    @Test
    void freezesAndPingsAreAnswered() {
        Freezing freezing = new Freezing(fixture, "/data/f");
        UUID freeze = Freezing.workflow(1);
        Vid begun = Fixture.vid(Fixture.done(freezing.begin(freeze)).getWorkflowVid());
        Vid done = Fixture.done(commands.commitFreezeRepoFiles(freeze, begun));
        assertThat(Fixture.done(commands.commitFreezeRepoFiles(freeze, begun))).isEqualTo(done);
        UUID unfreeze = Freezing.workflow(2);
        begun = Fixture.vid(Fixture.done(freezing.beginUnfreeze(unfreeze)).getWorkflowVid());
        Fixture.done(commands.abortUnfreezeRepoFiles(unfreeze, begun, 108, "no"));
        assertThat(freezing.tiers()).isEqualTo("ST_UNFREEZE_FAILED ST_UNFREEZE_FAILED");
        assertThat(Fixture.refusal(commands.commitUnfreezeRepoFiles(unfreeze, begun)))
                .isEqualTo("FAILED_PRECONDITION unfreeze-repo workflow: command conflicts with aggregate state");
        assertThat(Fixture.refusal(commands.abortFreezeRepoFiles(freeze, begun, 105, "no")))
                .isEqualTo("FAILED_PRECONDITION freeze-repo workflow: command conflicts with aggregate state");
        UUID ping = Freezing.workflow(3);
        Fixture.done(freezing.beginPing(ping));
        Vid pinged = Fixture.done(commands.serverPing(ping, 0, "nogfsostad ping"));
        assertThat(Fixture.vid(freezing.events(ping).get(1).getId())).isEqualTo(pinged);
    }

    @Test
    void aDenialIsARejectionToo() {
        UUID id = Fixture.uuid(fixture.initRepo("/data/a").getRepo());
        Authorizer none = (principal, action, scope) -> {
            throw new AccessDeniedException(principal, action, scope);
        };
        Fixture closed = new Fixture(journal, Schedulers.immediate(), none);
        assertThat(Fixture.refusal(new InProcessCommands(closed.registry, Fixture.CALLER).confirmShadow(id, "/s")))
                .startsWith("PERMISSION_DENIED default deny");
    }
}
