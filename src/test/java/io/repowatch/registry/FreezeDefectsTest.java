package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.AbortFreezeRepoI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoI;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginFreezeRepoO;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoI;
import io.repowatch.wire.nogfso.GetFreezeRepoO;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.AbortReply;
import io.repowatch.wire.v1.AbortRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** The defects of the original server, registry specification §10, that freeze, unfreeze and ping could have. */
class FreezeDefectsTest {
    private static final UUID W1 = Freezing.workflow(1);
    private static final UUID W2 = Freezing.workflow(2);
    private static final UUID W3 = Freezing.workflow(3);
    private static final String USED = "FAILED_PRECONDITION rejected workflow ID: ID has been used before";
    private static final String CONFLICT = "FAILED_PRECONDITION registry: conflicting repo storage state";

    private final ScriptedJournal journal = new ScriptedJournal();
    private Fixture fixture = new Fixture(journal).prepared();
    private Freezing freezing = new Freezing(fixture);

    /** Checks a refusal, and that nothing is stored for it. */
    private void refused(Mono<?> answer, String codeAndText) {
        long before = journal.position();
        assertThat(Fixture.refusal(answer)).isEqualTo(codeAndText);
        assertThat(journal.position()).as("nothing is stored").isEqualTo(before);
    }

    private Mono<BeginFreezeRepoO> begin(UUID workflow, UnaryOperator<BeginFreezeRepoI.Builder> change) {
        return fixture.registry.beginFreezeRepo(
                Fixture.CALLER, change.apply(freezing.request(workflow)).build());
    }

    private Mono<AbortReply> abort(UUID workflow, String reason) {
        return fixture.registry.abort(
                Fixture.CALLER,
                AbortRequest.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setWorkflow(Fixture.bytes(workflow))
                        .setReason(reason)
                        .setAuthor(GitUser.newBuilder().setName("B").setEmail("b@example.org"))
                        .build());
    }

    private void restart() {
        fixture.registry.close();
        fixture = new Fixture(journal);
        freezing = freezing.on(fixture);
    }

    @Test
    void w5_whatAWorkflowCannotDoWithoutIsAskedFor() {
        refused(begin(W1, in -> in.setAuthorName("")), "INVALID_ARGUMENT freeze-repo workflow: missing author name");
        refused(begin(W1, in -> in.setAuthorEmail("")), "INVALID_ARGUMENT freeze-repo workflow: missing author email");
        refused(begin(EntityIds.NIL, in -> in), "INVALID_ARGUMENT malformed workflow ID: it is all zero");
        refused(
                begin(W1, in -> in.setWorkflow(ByteString.copyFromUtf8("short"))),
                "INVALID_ARGUMENT malformed workflow id: it has 16 bytes, not 5");
        refused(freezing.beginPing(EntityIds.NIL), "INVALID_ARGUMENT malformed workflow ID: it is all zero");
        refused(
                fixture.registry.beginUnfreezeRepo(
                        Fixture.CALLER,
                        freezing.unfreezeRequest(W1).clearAuthorName().build()),
                "INVALID_ARGUMENT unfreeze-repo workflow: missing author name");
        Fixture.done(freezing.begin(W1));
        restart();
        assertThat(freezing.tiers()).isEqualTo("ST_FREEZING ST_FREEZING");
    }

    @Test
    void w14_aCommittedUnfreezeIsRecognisedByItsOwnTier() {
        freezing.freeze(W1);
        Fixture.done(freezing.beginUnfreeze(W2));
        Vid first = Fixture.done(freezing.commitUnfreezeFiles(W2));
        restart();
        assertThat(Fixture.done(freezing.commitUnfreezeFiles(W2))).isEqualTo(first);
        assertThat(Fixture.vid(Fixture.done(fixture.registry.commitUnfreezeRepo(
                                Fixture.CALLER,
                                CommitUnfreezeRepoI.newBuilder()
                                        .setWorkflow(Fixture.bytes(W2))
                                        .build()))
                        .getWorkflowVid()))
                .isEqualTo(first);
        assertThat(freezing.tiers()).isEqualTo("ST_ONLINE ST_ONLINE");
    }

    @Test
    void w14_aCommitAfterAFailedAbortIsNotTakenForDone() {
        freezing.freeze(W1);
        Fixture.done(freezing.beginUnfreeze(W2));
        Fixture.done(freezing.abortUnfreezeFiles(W2, 108, "no"));
        refused(
                freezing.commitUnfreezeFiles(W2),
                "FAILED_PRECONDITION unfreeze-repo workflow: command conflicts with aggregate state");
        assertThat(freezing.tiers()).isEqualTo("ST_UNFREEZE_FAILED ST_UNFREEZE_FAILED");
    }

    /** The aggregates themselves, for every pair of tier and command. */
    @Test
    void w14_theTierMachine() {
        StorageChange freeze = StorageChange.FREEZE;
        StorageChange unfreeze = StorageChange.UNFREEZE;
        assertThat(tiers(tier -> freeze.begin(tier, W2, W1))).isEqualTo("ST_ONLINE=CHANGE ST_FREEZE_FAILED=CHANGE");
        assertThat(tiers(tier -> freeze.begin(tier, W1, W1)))
                .isEqualTo("ST_ONLINE=CHANGE ST_FREEZING=NOTHING ST_FREEZE_FAILED=CHANGE");
        assertThat(tiers(tier -> unfreeze.begin(tier, W1, W1)))
                .isEqualTo("ST_FROZEN=CHANGE ST_UNFREEZING=NOTHING ST_UNFREEZE_FAILED=CHANGE");
        assertThat(tiers(tier -> freeze.end(tier, W1, W1, true))).isEqualTo("ST_FROZEN=NOTHING ST_FREEZING=CHANGE");
        assertThat(tiers(tier -> freeze.end(tier, W1, W1, false)))
                .isEqualTo("ST_FREEZING=CHANGE ST_FREEZE_FAILED=NOTHING");
        assertThat(tiers(tier -> unfreeze.end(tier, W1, W1, true))).isEqualTo("ST_ONLINE=NOTHING ST_UNFREEZING=CHANGE");
        assertThat(tiers(tier -> unfreeze.end(tier, W1, W1, false)))
                .isEqualTo("ST_UNFREEZING=CHANGE ST_UNFREEZE_FAILED=NOTHING");
        assertThat(tiers(tier -> unfreeze.end(tier, W2, W1, false))).isEmpty();
    }

    private static String tiers(
            java.util.function.Function<io.repowatch.wire.nogfso.GetRepoO.StorageTierCode, StorageChange.Answer>
                    machine) {
        List<String> answers = new ArrayList<>();
        for (var tier : io.repowatch.wire.nogfso.GetRepoO.StorageTierCode.values()) {
            if (tier != io.repowatch.wire.nogfso.GetRepoO.StorageTierCode.UNRECOGNIZED
                    && machine.apply(tier) != StorageChange.Answer.CONFLICT) {
                answers.add(tier + "=" + machine.apply(tier));
            }
        }
        return String.join(" ", answers);
    }

    @Test
    void w16_whatCannotBeFrozenIsRefusedAtOnceAndNothingIsStored() {
        ByteString bare = fixture.initRepo("/data/bare").getRepo();
        refused(begin(W1, in -> in.setRepo(bare)), "FAILED_PRECONDITION repos error: storage workflow conflict");
        ByteString parent = freezing.ready("/data/p");
        freezing.ready("/data/p/child");
        refused(begin(W1, in -> in.setRepo(parent)), "FAILED_PRECONDITION registry: not a leaf repo");
        refused(freezing.beginUnfreeze(W1), CONFLICT);
        error("broken");
        refused(freezing.begin(W1), "FAILED_PRECONDITION repo has stored error");
        clear("broken");
        refused(begin(W1, in -> in.setRepo(Fixture.bytes(W3))), "NOT_FOUND unknown repo");
        assertThat(Fixture.refusal(begin(W1, in -> in.setRegistry("other"))))
                .isEqualTo("NOT_FOUND registry error: uninitialized registry");
        Fixture.done(freezing.begin(W1));
        refused(freezing.begin(W2), CONFLICT);
        refused(freezing.beginUnfreeze(W2), CONFLICT);
        refused(
                fixture.registry.initRepo(
                        Fixture.CALLER, Fixture.repo("/data/a/below").build()),
                "FAILED_PRECONDITION registry error: parent repo immutable");
    }

    private void error(String message) {
        Fixture.done(fixture.registry.setRepoError(
                Fixture.CALLER,
                SetRepoErrorI.newBuilder()
                        .setRepo(freezing.repo)
                        .setErrorMessage(message)
                        .build()));
    }

    private void clear(String message) {
        Fixture.done(fixture.registry.clearRepoError(
                Fixture.CALLER,
                ClearRepoErrorI.newBuilder()
                        .setRepo(freezing.repo)
                        .setErrorMessage(message)
                        .build()));
    }

    @Test
    void aFreezeThatFailedIsRepeatedAfterItsErrorWasCleared() {
        Fixture.done(freezing.begin(W1));
        Fixture.done(freezing.abortFiles(W1, 105, "no"));
        refused(freezing.begin(W2), "FAILED_PRECONDITION repo has stored error");
        clear("freeze failed: no");
        freezing.freeze(W2);
        assertThat(freezing.tiers()).isEqualTo("ST_FROZEN ST_FROZEN");
    }

    @Test
    void w18_aFreezeWhoseHostIsAwayCanBeAbortedAndBegunAgain() {
        Fixture.done(freezing.begin(W1));
        AbortReply aborted = Fixture.done(abort(W1, "the host is gone"));
        assertThat(freezing.tiers()).isEqualTo("ST_FREEZE_FAILED ST_FREEZE_FAILED");
        assertThat(Freezing.sequence(journal.appends.get(journal.appends.size() - 1)))
                .containsExactly(
                        "W EV_FSO_FREEZE_REPO_FILES_COMPLETED",
                        "P EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "P EV_FSO_REPO_ERROR_SET",
                        "R EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "X EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_FREEZE_REPO_COMMITTED");
        assertThat(fixture.getRepo(freezing.repo).getErrorMessage()).isEqualTo("freeze failed: the host is gone");
        assertThat(freezing.events(W1).get(3).getGitAuthor().getName()).isEqualTo("B");
        GetFreezeRepoO status = Fixture.done(freezing.get(W1, JobControl.JC_WAIT));
        assertThat(status.getStatusCode()).isEqualTo(101);
        assertThat(Fixture.done(abort(W1, "again"))).isEqualTo(aborted);
        assertThat(Fixture.refusal(freezing.commitFiles(W1)))
                .as("a host that comes back too late")
                .isEqualTo("FAILED_PRECONDITION freeze-repo workflow: command conflicts with aggregate state");
        clear("freeze failed: the host is gone");
        freezing.freeze(W2);
        assertThat(Fixture.refusal(abort(W2, "too late")))
                .startsWith("FAILED_PRECONDITION freeze-repo workflow: already terminated");
        Fixture.done(freezing.beginUnfreeze(W3));
        Fixture.done(abort(W3, "no"));
        assertThat(freezing.tiers()).isEqualTo("ST_UNFREEZE_FAILED ST_UNFREEZE_FAILED");
    }

    @Test
    void w18_thePublicAbortEndsItForAllToo() {
        Fixture.done(freezing.begin(W1));
        AbortFreezeRepoI request = AbortFreezeRepoI.newBuilder()
                .setWorkflow(Fixture.bytes(W1))
                .setStatusCode(105)
                .setStatusMessage("m")
                .build();
        var first = Fixture.done(fixture.registry.abortFreezeRepo(Fixture.CALLER, request));
        assertThat(freezing.tiers()).isEqualTo("ST_FREEZE_FAILED ST_FREEZE_FAILED");
        assertThat(Fixture.done(fixture.registry.abortFreezeRepo(Fixture.CALLER, request)))
                .isEqualTo(first);
    }

    @Test
    void w19_aRefusedRequestBurnsNoId() {
        error("broken");
        refused(freezing.begin(W1), "FAILED_PRECONDITION repo has stored error");
        clear("broken");
        assertThat(Fixture.refusal(begin(W1, in -> in.setRegistryVid(Fixture.bytes(new Vid(1, 1))))))
                .startsWith("FAILED_PRECONDITION version conflict");
        assertThat(Fixture.refusal(begin(W1, in -> in.setRepoVid(Fixture.bytes(new Vid(1, 1))))))
                .startsWith("FAILED_PRECONDITION version conflict");
        assertThat(freezing.events(W1)).isEmpty();
        Fixture.done(freezing.begin(W1));
    }

    @Test
    void w19_anIdStaysUsedForEver() {
        freezing.freeze(W1);
        for (int i = 0; i < 300; i++) {
            Fixture.done(freezing.beginPing(Freezing.workflow(100 + i)));
        }
        restart();
        refused(freezing.beginPing(W1), USED);
        refused(freezing.beginUnfreeze(W1), USED);
        refused(begin(W1, in -> in.setAuthorName("Somebody else")), USED);
        ByteString other = freezing.ready("/data/other");
        refused(begin(W1, in -> in.setRepo(other)), USED);
        refused(begin(Freezing.workflow(100), in -> in.setRepo(other)), USED);
        refused(begin(Fixture.uuid(other), in -> in), USED);
        refused(begin(EntityIds.workflowIndex(Fixture.REG), in -> in), USED);
        refused(begin(EntityIds.registry(Fixture.REG), in -> in), USED);
        refused(freezing.beginPing(EntityIds.main()), USED);
        fixture.initRegistry("second");
        refused(
                fixture.registry.beginPingRegistry(
                        Fixture.CALLER,
                        io.repowatch.wire.nogfso.BeginPingRegistryI.newBuilder()
                                .setRegistry("second")
                                .setWorkflow(Fixture.bytes(Freezing.workflow(100)))
                                .build()),
                USED);
    }

    @Test
    void w19_aMoveAndAFreezeDoNotShareAnId() {
        Moves moves = new Moves(fixture);
        ByteString other = freezing.ready("/data/other");
        Fixture.done(moves.begin(other, W1, "/data/new"));
        refused(freezing.begin(W1), USED);
        Fixture.done(freezing.begin(W2));
        ByteString third = freezing.ready("/data/third");
        assertThat(Fixture.refusal(moves.begin(third, W2, "/data/x")))
                .isEqualTo("FAILED_PRECONDITION registry error: ID has been used before");
    }

    @Test
    void w24_aRepetitionWithTheOldVersionsIsRecognised() {
        BeginFreezeRepoI request = freezing.request(W1)
                .setRegistryVid(Fixture.bytes(fixture.registryVid(Fixture.REG)))
                .setRepoVid(fixture.getRepo(freezing.repo).getVid())
                .build();
        BeginFreezeRepoO first = Fixture.done(fixture.registry.beginFreezeRepo(Fixture.CALLER, request));
        ByteString other = freezing.ready("/data/other");
        Fixture.done(begin(W2, in -> in.setRepo(other)));
        restart();
        assertThat(Fixture.done(fixture.registry.beginFreezeRepo(Fixture.CALLER, request)))
                .isEqualTo(first);
        CommitFreezeRepoFilesI files = CommitFreezeRepoFilesI.newBuilder()
                .setWorkflow(Fixture.bytes(W1))
                .setWorkflowVid(first.getWorkflowVid())
                .build();
        var done = Fixture.done(fixture.registry.commitFreezeRepoFiles(Fixture.CALLER, files));
        restart();
        assertThat(Fixture.done(fixture.registry.commitFreezeRepoFiles(Fixture.CALLER, files)))
                .isEqualTo(done);
        assertThat(Fixture.done(fixture.registry.beginFreezeRepo(Fixture.CALLER, request)))
                .isEqualTo(first);
        Fixture.done(freezing.beginUnfreeze(W3));
        Fixture.done(freezing.commitUnfreezeFiles(W3));
        restart();
        assertThat(Fixture.done(fixture.registry.beginFreezeRepo(Fixture.CALLER, request)))
                .as("much later")
                .isEqualTo(first);
        assertThat(Fixture.refusal(fixture.registry.commitFreezeRepoFiles(
                        Fixture.CALLER,
                        CommitFreezeRepoFilesI.newBuilder()
                                .setWorkflow(Fixture.bytes(W2))
                                .setWorkflowVid(first.getWorkflowVid())
                                .build())))
                .startsWith("ABORTED freeze-repo workflow: event journal: version conflict: stored VID ");
    }

    @Test
    void w24_anAbortNeedsACodeAndAMessage() {
        Fixture.done(freezing.begin(W1));
        refused(freezing.abortFiles(W1, 0, "m"), "INVALID_ARGUMENT freeze-repo workflow: invalid error status code");
        refused(
                freezing.abortFiles(W1, 105, ""),
                "INVALID_ARGUMENT freeze-repo workflow: invalid error status message");
        assertThat(Fixture.refusal(freezing.abortFiles(W1, 105, "x".repeat(151))))
                .startsWith("INVALID_ARGUMENT freeze-repo workflow: status message too long");
        assertThat(freezing.tiers()).isEqualTo("ST_FREEZING ST_FREEZING");
        Fixture.done(freezing.abortFiles(W1, 105, "x".repeat(150)));
        assertThat(Fixture.refusal(freezing.abortFiles(W1, 0, "m"))).startsWith("INVALID_ARGUMENT");
        assertThat(Fixture.refusal(fixture.registry.abortUnfreezeRepo(
                        Fixture.CALLER,
                        AbortUnfreezeRepoI.newBuilder()
                                .setWorkflow(Fixture.bytes(W1))
                                .setStatusCode(1)
                                .setStatusMessage("m")
                                .build())))
                .as("a freeze is no unfreeze")
                .isEqualTo("FAILED_PRECONDITION unfreeze-repo workflow: command conflicts with aggregate state");
    }

    @Test
    void w24_aFailedUnfreezeIsCalledOne() {
        freezing.freeze(W1);
        Fixture.done(freezing.beginUnfreeze(W2));
        Fixture.done(freezing.abortUnfreezeFiles(W2, 108, "read-only file system"));
        assertThat(fixture.getRepo(freezing.repo).getErrorMessage())
                .isEqualTo("unfreeze failed: read-only file system");
        clear("unfreeze failed: read-only file system");
        Fixture.done(freezing.beginUnfreeze(W3));
        Fixture.done(freezing.commitUnfreezeFiles(W3));
        assertThat(freezing.tiers()).isEqualTo("ST_ONLINE ST_ONLINE");
    }

    @Test
    void w27_aRepoThatMovesIsNotFrozen() {
        Moves moves = new Moves(fixture);
        Fixture.done(moves.begin(freezing.repo, W1, "/data/b"));
        refused(freezing.begin(W2), "FAILED_PRECONDITION registry error: workflow conflict");
        Fixture.done(moves.abort(W1, "r"));
        Fixture.done(moves.beginShadow(freezing.repo, W3, "/new/a"));
        refused(freezing.begin(W2), "FAILED_PRECONDITION repos error: workflow conflict");
        Fixture.done(moves.disable(freezing.repo, W3));
        Fixture.done(moves.commitShadow(freezing.repo, W3));
        Fixture.done(freezing.begin(W2));
    }

    @Test
    void w27_aRepoThatIsBeingFrozenDoesNotMove() {
        Moves moves = new Moves(fixture);
        Fixture.done(freezing.begin(W1));
        assertThat(Fixture.refusal(moves.begin(freezing.repo, W2, "/data/b")))
                .startsWith("FAILED_PRECONDITION registry error: storage workflow conflict");
        assertThat(Fixture.refusal(moves.beginShadow(freezing.repo, W2, "/new/a")))
                .startsWith("FAILED_PRECONDITION storage workflow conflict");
        ByteString other = freezing.ready("/data/other");
        assertThat(Fixture.refusal(moves.begin(other, W2, "/data/a/other")))
                .startsWith("FAILED_PRECONDITION registry error: parent repo immutable");
        Fixture.done(freezing.commitFiles(W1));
        assertThat(Fixture.refusal(moves.begin(freezing.repo, W2, "/data/b")))
                .startsWith("FAILED_PRECONDITION registry error: storage workflow conflict");
        Fixture.done(freezing.beginUnfreeze(W3));
        Fixture.done(freezing.commitUnfreezeFiles(W3));
        Fixture.done(moves.begin(freezing.repo, W2, "/data/b"));
    }

    @Test
    void w27_nothingMovesToBelowARepoThatIsBeingFrozen() {
        Moves moves = new Moves(fixture);
        ByteString other = freezing.ready("/data/other");
        Fixture.done(moves.begin(other, W1, "/data/a/other"));
        refused(freezing.begin(W2), "FAILED_PRECONDITION registry: not a leaf repo");
    }

    @Test
    void w21_waitingHoldsNoThreadAndEndsWithTheServer() {
        Fixture.done(freezing.begin(W1));
        AtomicReference<GetFreezeRepoO> ended = new AtomicReference<>();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<Disposable> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(freezing.get(W1, JobControl.JC_WAIT).subscribe(ended::set, failed::set));
        }
        assertThat(fixture.registry.watching()).isEqualTo(100);
        waiting.get(0).dispose();
        assertThat(fixture.registry.watching()).isEqualTo(99);
        Fixture.done(freezing.commitFiles(W1));
        assertThat(ended.get().getStatusCode()).isZero();
        assertThat(fixture.registry.watching()).isZero();

        Fixture.done(freezing.beginUnfreeze(W2));
        fixture.registry
                .getUnfreezeRepo(
                        Fixture.CALLER,
                        io.repowatch.wire.nogfso.GetUnfreezeRepoI.newBuilder()
                                .setWorkflow(Fixture.bytes(W2))
                                .setJobControl(JobControl.JC_WAIT)
                                .build())
                .subscribe(reply -> {}, failed::set);
        Fixture.done(freezing.beginPing(W3));
        AtomicReference<Throwable> pingFailed = new AtomicReference<>();
        fixture.registry
                .getRegistryPings(
                        Fixture.CALLER,
                        io.repowatch.wire.nogfso.GetRegistryPingsI.newBuilder()
                                .setWorkflow(Fixture.bytes(W3))
                                .setJobControl(JobControl.JC_WAIT)
                                .build())
                .subscribe(reply -> {}, pingFailed::set);
        fixture.registry.close();
        assertThat(failed.get()).hasMessage("shutdown");
        assertThat(pingFailed.get()).hasMessage("shutdown");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsNotThereSaysSo(boolean wait) {
        JobControl control = wait ? JobControl.JC_WAIT : JobControl.JC_UNSPECIFIED;
        assertThat(Fixture.refusal(freezing.get(W1, control)))
                .isEqualTo("NOT_FOUND freeze-repo workflow: uninitialized");
        assertThat(Fixture.refusal(freezing.commitFiles(W1)))
                .isEqualTo("NOT_FOUND freeze-repo workflow: uninitialized");
        Fixture.done(freezing.beginPing(W1));
        assertThat(Fixture.refusal(freezing.get(W1, control)))
                .isEqualTo("FAILED_PRECONDITION freeze-repo workflow: command conflicts with aggregate state");
        assertThat(Fixture.refusal(fixture.registry.serverPing(
                        Fixture.CALLER,
                        io.repowatch.wire.nogfso.ServerPingI.newBuilder()
                                .setWorkflow(Fixture.bytes(W2))
                                .build())))
                .isEqualTo("NOT_FOUND ping-registry workflow: uninitialized");
        assertThat(freezing.index().stream().map(WorkflowEvent::getEvent))
                .containsExactly(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED);
    }
}
