package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.BeginMoveRepoI;
import io.repowatch.wire.nogfso.CommitMoveRepoO;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RemoveRootI;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Defects of the existing server in moves (registry specification §10): each must not be in ours. */
class MoveDefectsTest {
    private static final String USED = "FAILED_PRECONDITION registry error: ID has been used before";

    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal);
    private final Moves moves = new Moves(fixture);
    private ByteString repo = ByteString.EMPTY;

    @BeforeEach
    void aRepo() {
        fixture.prepared();
        repo = moves.repo("/data/a");
    }

    private void root(String path, String host, String hostRoot) {
        Fixture.done(fixture.registry.initRoot(
                Fixture.CALLER,
                Fixture.root(Fixture.REG, path)
                        .setHost(host)
                        .setHostRoot(hostRoot)
                        .build()));
    }

    /** Checks that it is refused and that nothing is stored. */
    private void refused(Mono<?> request, String codeAndText) {
        int before = journal.appends.size();
        assertThat(Fixture.refusal(request)).isEqualTo(codeAndText);
        assertThat(journal.appends).as("nothing is stored").hasSize(before);
    }

    private static List<String> words(List<RepoEvent> events) {
        return Moves.words(events.stream().map(RepoEvent::getEvent));
    }

    @Test
    void w4_aMoveToAnotherHostIsRefusedAndEverythingLoadsAgain() {
        root("/other", "elsewhere", "/srv/other");
        refused(
                moves.begin(repo, Moves.WORKFLOW, "/other/a"),
                "INVALID_ARGUMENT registry error: a move cannot change the file host: the repo is on host, "
                        + "the new path is on elsewhere");
        Moves again = new Moves(new Fixture(journal));
        assertThat(again.listed()).containsExactly("/data/a");
        Fixture.done(again.begin(repo, Moves.WORKFLOW, "/data/b"));
    }

    @Test
    void w4_aMoveToARootWithoutHostIsRefused() {
        // No root without a host gets in by a request, but an older history may hold one.
        Vid tail = fixture.registryVid(Fixture.REG);
        Vid id = new Vid(tail.hi() + 1, 0);
        RegistryEvent added = RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_ROOT_ADDED)
                .setFsoRootInfo(FsoRootInfo.newBuilder().setGlobalRoot("/none").setHostRoot("/srv/none"))
                .setId(Fixture.bytes(id))
                .setParent(Fixture.bytes(tail))
                .build();
        fixture.put(Fixture.registryStream(Fixture.REG), id, added.toByteArray());
        Moves again = new Moves(new Fixture(journal));
        refused(
                again.begin(repo, Moves.WORKFLOW, "/none/a"),
                "INVALID_ARGUMENT registry error: missing file host: the root of the new path /none/a names none");
    }

    @ParameterizedTest
    @CsvSource({
        "/data/a/b, INVALID_ARGUMENT registry error: a directory cannot move into itself or its parent: "
                + "from /srv/data/a to /srv/data/a/b",
        "/data, INVALID_ARGUMENT registry error: a directory cannot move into itself or its parent: "
                + "from /srv/data/a to /srv/data",
        "/data/a, FAILED_PRECONDITION registry error: unchanged path",
        "/nowhere/a, NOT_FOUND registry error: unknown root",
        "/, INVALID_ARGUMENT registry error: a repo cannot be at /",
    })
    void w36_aMoveThatLeadsNowhereSaysWhy(String path, String refusal) {
        refused(moves.begin(repo, Moves.WORKFLOW, path), refusal);
    }

    @Test
    void w36_codesOfMovesSayWhatIsWrong() {
        refused(
                moves.begin(Moves.move(repo, Moves.WORKFLOW, "/data/b").setIsUnchangedGlobalPath(true)),
                "FAILED_PRECONDITION registry error: changed path");
        refused(moves.begin(Fixture.bytes(new UUID(1, 1)), Moves.WORKFLOW, "/data/b"), "NOT_FOUND unknown repo");
        refused(moves.begin(repo, EntityIds.NIL, "/data/b"), "INVALID_ARGUMENT registry error: malformed workflow ID");
        moves.repo("/data/b");
        refused(
                moves.begin(repo, Moves.WORKFLOW, "/data/b"),
                "ALREADY_EXISTS registry error: repo already initialized at path");
        assertThat(Fixture.refusal(
                        moves.begin(Moves.move(repo, Moves.WORKFLOW, "/data/c").setVid(Fixture.bytes(new Vid(1, 1))))))
                .startsWith("ABORTED registry error: version conflict");
        assertThat(Fixture.refusal(moves.begin(Moves.move(repo, Moves.WORKFLOW, "data/c"))))
                .startsWith("INVALID_ARGUMENT malformed path");
        assertThat(Fixture.refusal(fixture.registry.beginMoveRepo(
                        Fixture.CALLER,
                        Moves.move(repo, Moves.WORKFLOW, "/data/c")
                                .setWorkflow(ByteString.copyFromUtf8("short"))
                                .build())))
                .startsWith("INVALID_ARGUMENT malformed workflow id");
        refused(moves.commit(repo, Moves.OTHER, "/s"), "NOT_FOUND workflow error: workflow uninitialized");
        refused(moves.abort(Moves.OTHER, "r"), "NOT_FOUND workflow error: workflow uninitialized");
        refused(moves.abort(Moves.OTHER, ""), "INVALID_ARGUMENT missing reason");
        assertThat(Fixture.refusal(moves.abort(Moves.OTHER, "ä".repeat(76))))
                .isEqualTo("INVALID_ARGUMENT reason too long: it has 152 bytes, more than 150");
    }

    @Test
    void w5_aCommitWithoutShadowPathIsRefused() {
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        Fixture.done(moves.release(repo, Moves.WORKFLOW));
        refused(moves.commit(repo, Moves.WORKFLOW, ""), "INVALID_ARGUMENT missing shadow path");
        refused(
                moves.commit(repo, Moves.WORKFLOW, "s"),
                "INVALID_ARGUMENT malformed shadow path: \"s\" is not absolute");
        Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/s"));
        refused(moves.beginShadow(repo, Moves.OTHER, ""), "INVALID_ARGUMENT missing shadow path");
    }

    @Test
    void w12_aRepoWithoutShadowIsNotMovedAndHoldsUpNobody() {
        ByteString early = fixture.initRepo("/data/early").getRepo();
        refused(
                moves.begin(early, Moves.WORKFLOW, "/data/b"),
                "FAILED_PRECONDITION registry error: missing shadow repo");
        refused(moves.beginShadow(early, Moves.WORKFLOW, "/s"), "FAILED_PRECONDITION missing shadow repo");
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        fixture.initRepo("/data/later");
        moves.confirm(early, "/shadow/early");
        Fixture.done(moves.begin(early, Moves.OTHER, "/data/c"));
    }

    @Test
    void w13_aWorkflowIdThatNamesAnotherKindIsRefused() {
        ByteString other = moves.repo("/data/o");
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        refused(moves.beginShadow(other, Moves.WORKFLOW, "/s"), "FAILED_PRECONDITION ID has been used before");
        refused(moves.begin(other, Moves.WORKFLOW, "/data/c"), USED);
        Fixture.done(moves.beginShadow(other, Moves.OTHER, "/s"));
        Fixture.done(moves.abort(Moves.WORKFLOW, "r"));
        refused(moves.begin(repo, Moves.OTHER, "/data/c"), USED);
        refused(moves.disable(other, Moves.WORKFLOW), "PERMISSION_DENIED repo does not own workflow");
        refused(moves.commitShadow(repo, Moves.WORKFLOW), "FAILED_PRECONDITION the workflow is not a move of a shadow");
        refused(moves.commit(other, Moves.OTHER, "/s"), "FAILED_PRECONDITION the workflow is not a move of a repo");
        refused(moves.release(other, Moves.OTHER), "FAILED_PRECONDITION the workflow is not a move of a repo");
    }

    @Test
    void w13_noWorkflowGetsTheIdOfAnythingElse() {
        UUID ephemeral = new UUID(3, 3);
        fixture.put(
                Category.EPHEMERAL_WORKFLOW.stream(ephemeral),
                new Vid(9, 9),
                WorkflowEvent.getDefaultInstance().toByteArray());
        for (UUID id : List.of(
                ephemeral,
                EntityIds.main(),
                EntityIds.registry(Fixture.REG),
                EntityIds.workflowIndex(Fixture.REG),
                Fixture.uuid(repo),
                Fixture.uuid(fixture.initRepo("/data/x").getRepo()))) {
            refused(moves.begin(repo, id, "/data/b"), USED);
            refused(moves.beginShadow(repo, id, "/s"), "FAILED_PRECONDITION ID has been used before");
        }
    }

    @Test
    void w13_anIdThatIsOnlyOnItsWayToTheDiskIsUsedToo() {
        ByteString other = moves.repo("/data/o");
        UUID id = new UUID(8, 8);
        journal.hold();
        Mono<?> init = fixture.registry.initRepo(
                Fixture.CALLER,
                Fixture.repo("/data/n").setRepoId(Fixture.bytes(id)).build());
        List<String> answers = new ArrayList<>();
        init.subscribe(reply -> answers.add("init"), error -> answers.add(error.toString()));
        moves.begin(repo, id, "/data/b").subscribe(vid -> answers.add("moves"), e -> answers.add(e.getMessage()));
        moves.beginShadow(other, id, "/s").subscribe(vid -> answers.add("moves"), e -> answers.add(e.getMessage()));
        assertThat(answers).as("refusals wait for what they rest on").isEmpty();
        journal.flow();
        assertThat(answers)
                .containsExactly("init", "registry error: ID has been used before", "ID has been used before");
    }

    @Test
    void w15_oneMoveAfterTheOtherIsSeenOnce() {
        moves.complete(repo, Moves.WORKFLOW, "/data/b");
        Fixture.done(moves.beginShadow(repo, Moves.OTHER, "/new/b"));
        Fixture.done(moves.disable(repo, Moves.OTHER));
        Fixture.done(moves.commitShadow(repo, Moves.OTHER));
        UUID third = new UUID(20, 3);
        moves.complete(repo, third, "/data/a");
        assertThat(words(fixture.repoEvents(repo)).stream().skip(2))
                .containsExactly(
                        "REPO_MOVE_STARTED",
                        "REPO_MOVED",
                        "SHADOW_REPO_MOVE_STARTED",
                        "SHADOW_REPO_MOVED",
                        "REPO_MOVE_STARTED",
                        "REPO_MOVED");
        assertThat(Moves.words(fixture.registryTypes().stream().skip(4)))
                .containsExactly(
                        "REPO_MOVE_ACCEPTED",
                        "REPO_MOVED",
                        "SHADOW_REPO_MOVE_STARTED",
                        "REPO_MOVE_ACCEPTED",
                        "REPO_MOVED");
        assertThat(moves.words(third)).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void w18_aMoveCanBeAbortedUntilItIsReleasedAndItsPathIsFreeAgain() {
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        assertThat(Fixture.refusal(fixture.registry.initRepo(
                        Fixture.CALLER, Fixture.repo("/data/b").build())))
                .isEqualTo("ALREADY_EXISTS registry error: repo already initialized at path");
        Vid end = Fixture.done(moves.abort(Moves.WORKFLOW, "not there"));
        int appends = journal.appends.size();
        assertThat(Fixture.done(moves.abort(Moves.WORKFLOW, "not there, please")))
                .as("repeated")
                .isEqualTo(end);
        assertThat(journal.appends).hasSize(appends);
        refused(moves.release(repo, Moves.WORKFLOW), "FAILED_PRECONDITION workflow move completed");
        refused(moves.commit(repo, Moves.WORKFLOW, "/s"), "FAILED_PRECONDITION workflow terminated");
        ByteString taker = moves.repo("/data/b");
        Fixture.done(moves.begin(repo, Moves.OTHER, "/data/c"));
        assertThat(moves.listed()).containsExactly("/data/a", "/data/b");
        assertThat(fixture.getRepo(taker).getGlobalPath()).isEqualTo("/data/b");
    }

    @Test
    void w18_aReleasedMoveIsNotAborted() {
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        Fixture.done(moves.release(repo, Moves.WORKFLOW));
        refused(
                moves.abort(Moves.WORKFLOW, "too late"),
                "FAILED_PRECONDITION the old storage host has let the repo go, so its directories may be on their way; "
                        + "the move has to be completed");
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/s"));
        refused(moves.abort(Moves.WORKFLOW, "too late"), "FAILED_PRECONDITION workflow move completed");
    }

    @Test
    void w18_aShadowMoveCanBeAbortedUntilItIsCommitted() {
        Fixture.done(moves.beginShadow(repo, Moves.WORKFLOW, "/new/a"));
        Fixture.done(moves.disable(repo, Moves.WORKFLOW));
        Vid end = Fixture.done(moves.abort(Moves.WORKFLOW, "r"));
        assertThat(Fixture.done(moves.abort(Moves.WORKFLOW, "r"))).isEqualTo(end);
        refused(moves.commitShadow(repo, Moves.WORKFLOW), "FAILED_PRECONDITION workflow terminated");
        Fixture.done(moves.beginShadow(repo, Moves.OTHER, "/new/a"));
        Fixture.done(moves.disable(repo, Moves.OTHER));
        Fixture.done(moves.commitShadow(repo, Moves.OTHER));
        refused(moves.abort(Moves.OTHER, "r"), "FAILED_PRECONDITION workflow move completed");
    }

    @Test
    void w19_aRefusedRequestBurnsNoId() {
        refused(moves.begin(repo, Moves.WORKFLOW, "/nowhere/a"), "NOT_FOUND registry error: unknown root");
        assertThat(Fixture.refusal(
                        moves.begin(Moves.move(repo, Moves.WORKFLOW, "/data/b").setVid(Fixture.bytes(new Vid(1, 1))))))
                .startsWith("ABORTED");
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
    }

    @Test
    void w19_usedIdsAreKnownAfterARestart() {
        moves.complete(repo, Moves.WORKFLOW, "/data/b");
        Moves again = new Moves(new Fixture(journal));
        assertThat(Fixture.refusal(again.beginShadow(repo, Moves.WORKFLOW, "/s")))
                .isEqualTo("FAILED_PRECONDITION workflow ID must not be reused");
        ByteString other = again.repo("/data/o");
        assertThat(Fixture.refusal(again.begin(other, Moves.WORKFLOW, "/data/p")))
                .isEqualTo(USED);
    }

    @Test
    void w24_aRetryWithItsVersionIsNotRefusedForTheVersionItMade() {
        Vid vid = fixture.registryVid(Fixture.REG);
        BeginMoveRepoI.Builder request =
                Moves.move(repo, Moves.WORKFLOW, "/data/b").setVid(Fixture.bytes(vid));
        Vid answer = Fixture.done(moves.begin(request.clone()));
        assertThat(answer).isNotEqualTo(vid);
        assertThat(Fixture.done(moves.begin(request.clone()))).isEqualTo(answer);

        ByteString other = moves.repo("/data/o");
        ByteString repoVid = fixture.getRepo(other).getVid();
        var shadow = Moves.moveShadow(other, Moves.OTHER, "/s").setVid(repoVid).build();
        ByteString first = Fixture.done(fixture.registry.beginMoveShadow(Fixture.CALLER, shadow))
                .getVid();
        assertThat(Fixture.done(fixture.registry.beginMoveShadow(Fixture.CALLER, shadow))
                        .getVid())
                .isEqualTo(first);
    }

    @Test
    void w26_theTargetOfARunningMoveIsReserved() {
        ByteString other = moves.repo("/data/o");
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        String taken = "ALREADY_EXISTS registry error: repo already initialized at path";
        InitRepoI init = Fixture.repo("/data/b").build();
        refused(fixture.registry.initRepo(Fixture.CALLER, init), taken);
        refused(moves.begin(other, Moves.OTHER, "/data/b"), taken);
        refused(moves.begin(other, Moves.OTHER, "/data/a"), taken);
        assertThat(Fixture.refusal(fixture.registry.removeRoot(
                        Fixture.CALLER,
                        RemoveRootI.newBuilder()
                                .setRegistry(Fixture.REG)
                                .setGlobalRoot("/data")
                                .build())))
                .startsWith("FAILED_PRECONDITION");
        assertThat(moves.listed()).containsExactly("/data/a", "/data/o");
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        Fixture.done(moves.release(repo, Moves.WORKFLOW));
        Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/s"));
        assertThat(moves.listed()).containsExactly("/data/b", "/data/o");
        Fixture.done(moves.begin(other, Moves.OTHER, "/data/a"));
    }

    @ParameterizedTest
    @EnumSource(
            value = RepoEvent.Type.class,
            names = {
                "EV_FSO_FREEZE_REPO_STARTED_2",
                "EV_FSO_FREEZE_REPO_COMPLETED_2",
                "EV_FSO_UNFREEZE_REPO_STARTED_2",
                "EV_FSO_ARCHIVE_REPO_STARTED"
            })
    void w27_aRepoThatIsFrozenIsNotMoved(RepoEvent.Type type) {
        Vid repoTail = Fixture.vid(fixture.getRepo(repo).getVid());
        Vid registryTail = fixture.registryVid(Fixture.REG);
        Vid id = new Vid(registryTail.hi() + 1, 0);
        fixture.put(
                Fixture.repoStream(Fixture.uuid(repo)),
                id,
                RepoEvent.newBuilder()
                        .setEvent(type)
                        .setId(Fixture.bytes(id))
                        .setParent(Fixture.bytes(repoTail))
                        .build()
                        .toByteArray());
        fixture.put(
                Fixture.registryStream(Fixture.REG),
                id,
                RegistryEvent.newBuilder()
                        .setEventValue(type.getNumber())
                        .setRepoId(repo)
                        .setId(Fixture.bytes(id))
                        .setParent(Fixture.bytes(registryTail))
                        .build()
                        .toByteArray());
        Moves again = new Moves(new Fixture(journal));
        assertThat(Fixture.refusal(again.begin(repo, Moves.WORKFLOW, "/data/b")))
                .startsWith("FAILED_PRECONDITION registry error: storage workflow conflict: the repo is ST_");
        boolean settled = type == RepoEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2;
        assertThat(Fixture.refusal(again.beginShadow(repo, Moves.WORKFLOW, "/s")))
                .startsWith(settled ? "OK" : "FAILED_PRECONDITION storage workflow conflict: the repo is ST_");
    }

    @Test
    void w27_freezesAndMovesExcludeEachOther() {
        Fixture server = Fixture.withRoot();
        Freezing freezing = new Freezing(server);
        Moves others = new Moves(server);
        Fixture.done(others.begin(freezing.repo, Moves.WORKFLOW, "/data/b"));
        assertThat(Fixture.refusal(freezing.begin(Moves.OTHER))).startsWith("FAILED_PRECONDITION");
        Fixture.done(others.abort(Moves.WORKFLOW, "r"));
        Fixture.done(others.beginShadow(freezing.repo, new UUID(20, 3), "/s"));
        assertThat(Fixture.refusal(freezing.begin(Moves.OTHER))).startsWith("FAILED_PRECONDITION");
        Fixture.done(others.abort(new UUID(20, 3), "r"));
        Fixture.done(freezing.begin(Moves.OTHER));
        assertThat(Fixture.refusal(others.begin(freezing.repo, new UUID(20, 4), "/data/b")))
                .startsWith("FAILED_PRECONDITION registry error: storage workflow conflict");
        assertThat(Fixture.refusal(others.beginShadow(freezing.repo, Moves.OTHER, "/s")))
                .startsWith("FAILED_PRECONDITION");
    }

    @Test
    void w27_movesOfARepoAndOfItsShadowExcludeEachOther() {
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        refused(moves.beginShadow(repo, Moves.OTHER, "/s"), "FAILED_PRECONDITION workflow conflict");
        refused(moves.begin(repo, Moves.OTHER, "/data/c"), "FAILED_PRECONDITION registry error: workflow conflict");
        Fixture.done(moves.abort(Moves.WORKFLOW, "r"));
        Fixture.done(moves.beginShadow(repo, Moves.OTHER, "/s"));
        refused(moves.begin(repo, new UUID(20, 3), "/data/c"), "FAILED_PRECONDITION registry error: workflow conflict");
        refused(moves.beginShadow(repo, new UUID(20, 3), "/t"), "FAILED_PRECONDITION workflow conflict");
    }

    @Test
    void w27_aRepoDoesNotTakeOthersAlongUnasked() {
        ByteString inner = moves.repo("/data/a/inner");
        assertThat(Fixture.refusal(moves.begin(repo, Moves.WORKFLOW, "/data/b")))
                .startsWith("FAILED_PRECONDITION registry error: cannot move repo: repo ")
                .contains("/data/a/inner");
        Fixture.done(moves.begin(inner, Moves.OTHER, "/data/b/inner"));
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        for (String path : List.of("/data/a/new", "/data/b/new")) {
            assertThat(Fixture.refusal(fixture.registry.initRepo(
                            Fixture.CALLER, Fixture.repo(path).build())))
                    .startsWith("FAILED_PRECONDITION registry error: parent repo is moving");
        }
        ByteString far = moves.repo("/data/far");
        assertThat(Fixture.refusal(moves.begin(far, new UUID(20, 9), "/data/b/far")))
                .startsWith("FAILED_PRECONDITION registry error: parent repo is moving");
    }

    @Test
    void w36_aRepeatedRequestGetsTheFirstAnswerHoweverLate() {
        Vid begun = Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        Vid accepted = Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        Vid released = Fixture.done(moves.release(repo, Moves.WORKFLOW));
        assertThat(Fixture.done(moves.accept(repo, Moves.WORKFLOW))).isEqualTo(accepted);
        Vid committed = Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/s"));
        moves.complete(repo, Moves.OTHER, "/data/c");
        int appends = journal.appends.size();
        for (Moves server : List.of(moves, new Moves(new Fixture(journal)))) {
            assertThat(Fixture.done(server.begin(repo, Moves.WORKFLOW, "/data/b")))
                    .isEqualTo(begun);
            assertThat(Fixture.done(server.accept(repo, Moves.WORKFLOW))).isEqualTo(accepted);
            assertThat(Fixture.done(server.release(repo, Moves.WORKFLOW))).isEqualTo(released);
            assertThat(Fixture.done(server.commit(repo, Moves.WORKFLOW, "/s"))).isEqualTo(committed);
            CommitMoveRepoO withVersion = Fixture.done(server.fixture.registry.commitMoveRepo(
                    Fixture.CALLER,
                    Moves.commitRequest(repo, Moves.WORKFLOW, "/s")
                            .setWorkflowVid(Fixture.bytes(released))
                            .build()));
            assertThat(Fixture.vid(withVersion.getWorkflowVid())).isEqualTo(committed);
            assertThat(Fixture.refusal(server.commit(repo, Moves.WORKFLOW, "/t")))
                    .isEqualTo("FAILED_PRECONDITION workflow terminated");
            assertThat(Fixture.refusal(server.begin(repo, Moves.WORKFLOW, "/data/d")))
                    .isEqualTo(USED);
        }
        assertThat(journal.appends).hasSize(appends);
    }

    @Test
    void w36_aRepeatedShadowMoveGetsTheFirstAnswerHoweverLate() {
        Vid begun = Fixture.done(moves.beginShadow(repo, Moves.WORKFLOW, "/new/a"));
        Vid disabled = Fixture.done(moves.disable(repo, Moves.WORKFLOW));
        Vid committed = Fixture.done(moves.commitShadow(repo, Moves.WORKFLOW));
        assertThat(Fixture.done(moves.beginShadow(repo, Moves.WORKFLOW, "/new/a")))
                .isEqualTo(begun);
        assertThat(Fixture.done(moves.disable(repo, Moves.WORKFLOW))).isEqualTo(disabled);
        assertThat(Fixture.done(moves.commitShadow(repo, Moves.WORKFLOW))).isEqualTo(committed);
        refused(
                moves.beginShadow(repo, Moves.WORKFLOW, "/new/b"),
                "FAILED_PRECONDITION workflow ID must not be reused");
        refused(moves.beginShadow(repo, Moves.OTHER, "/new/a"), "FAILED_PRECONDITION unchanged shadow path");
    }

    @Test
    void aMoveNeedsReleaseAndAgreementInEitherOrder() {
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        String early = "FAILED_PRECONDITION nogfsostad has yet not disabled the repo";
        refused(moves.commit(repo, Moves.WORKFLOW, "/s"), early);
        Fixture.done(moves.release(repo, Moves.WORKFLOW));
        refused(moves.commit(repo, Moves.WORKFLOW, "/s"), early);
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/s"));
        Fixture.done(moves.beginShadow(repo, Moves.OTHER, "/t"));
        refused(moves.commitShadow(repo, Moves.OTHER), early);
    }

    @Test
    void aMoveOfTheDirectoryAloneKeepsThePath() {
        root("/data/a", "host", "/disk2/a");
        Fixture.done(moves.begin(Moves.move(repo, Moves.WORKFLOW, "/data/a").setIsUnchangedGlobalPath(true)));
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        Fixture.done(moves.release(repo, Moves.WORKFLOW));
        Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/s"));
        assertThat(fixture.getRepo(repo).getFile()).isEqualTo("host:/disk2/a");
        assertThat(moves.listed()).containsExactly("/data/a");
        assertThat(Fixture.refusal(fixture.registry.initRepo(
                        Fixture.CALLER, Fixture.repo("/data/a").build())))
                .startsWith("ALREADY_EXISTS");
    }
}
