package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.registry.RepoCommands.ClearError;
import io.repowatch.registry.RepoCommands.ConfirmGit;
import io.repowatch.registry.RepoCommands.ConfirmShadow;
import io.repowatch.registry.RepoCommands.EnableGitlab;
import io.repowatch.registry.RepoCommands.Init;
import io.repowatch.registry.RepoCommands.SetError;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoShadowRepoInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The rows of registry specification §3.3 that are not peripheral. */
class RepoAggregateTest {
    private static final UUID ID = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");
    private static final UUID WORKFLOW = new UUID(7, 7);
    private static final FsoRepoInitInfo INFO = FsoRepoInitInfo.newBuilder()
            .setRegistry("exreg")
            .setGlobalPath("/data/a")
            .setFileHost("host")
            .setHostPath("/srv/a")
            .setSubdirTracking(SubdirTracking.ST_ENTER_SUBDIRS)
            .build();

    private static Deciding<RepoState, RepoEvent> initialized() {
        return Deciding.repo().given(new Init(INFO));
    }

    @Test
    void initBeginsTheHistoryOnce() {
        Deciding.repo()
                .when(new Init(INFO))
                .then(
                        "event: EV_FSO_REPO_INIT_STARTED fso_repo_init_info { global_path: \"/data/a\" file_host: \"host\" "
                                + "host_path: \"/srv/a\" registry: \"exreg\" subdir_tracking: ST_ENTER_SUBDIRS }")
                .when(new Init(INFO.toBuilder().setHostPath("/elsewhere").build()))
                .then()
                .when(new Init(INFO.toBuilder().setGlobalPath("/data/b").build()))
                .thenRefused("ALREADY_EXISTS init conflict")
                .when(new Init(INFO.toBuilder().setRegistry("other").build()))
                .thenRefused("ALREADY_EXISTS init conflict");
    }

    @Test
    void initNeedsAWholeGitlabLocationAndATracking() {
        Deciding.repo()
                .when(new Init(INFO.toBuilder().setGitlabHost("h").build()))
                .thenRefused("INVALID_ARGUMENT invalid Gitlab config")
                .when(new Init(INFO.toBuilder()
                        .setSubdirTracking(SubdirTracking.ST_UNSPECIFIED)
                        .build()))
                .thenRefused("INVALID_ARGUMENT invalid subdir tracking");
    }

    @Test
    void everyOtherCommandNeedsARepo() {
        List<RepoCommands.OfInitialized> commands = List.of(
                new ConfirmShadow("/s"),
                new ConfirmGit(1),
                new EnableGitlab(ID, "h/g"),
                new SetError("e"),
                new ClearError("e"));
        for (RepoCommands.OfInitialized command : commands) {
            Deciding.repo().when(command).thenRefused("NOT_FOUND uninitialized repo");
        }
    }

    @Test
    void theShadowIsConfirmedOnceAndPutsTheRepoOnline() {
        var repo = initialized();
        assertThat(repo.state().tier()).isEqualTo(StorageTierCode.ST_UNSPECIFIED);
        repo.when(new ConfirmShadow("/shadow/a"))
                .then("event: EV_FSO_SHADOW_REPO_CREATED fso_shadow_repo_info { shadow_path: \"/shadow/a\" }")
                .when(new ConfirmShadow("/shadow/a"))
                .then()
                .when(new ConfirmShadow("/shadow/b"))
                .thenRefused("ALREADY_EXISTS init conflict")
                .when(new ConfirmShadow(""))
                .thenRefused("INVALID_ARGUMENT missing shadow path");
        assertThat(repo.state().tier()).isEqualTo(StorageTierCode.ST_ONLINE);
    }

    @Test
    void theGitlabProjectIsConfirmedOnce() {
        initialized()
                .when(new ConfirmGit(42))
                .then("event: EV_FSO_GIT_REPO_CREATED fso_git_repo_info { gitlab_project_id: 42 }")
                .when(new ConfirmGit(42))
                .then()
                .when(new ConfirmGit(43))
                .thenRefused("ALREADY_EXISTS init conflict")
                .when(new ConfirmGit(0))
                .thenRefused("INVALID_ARGUMENT missing GitLab project id");
    }

    @Test
    void gitlabIsEnabledOnce() {
        initialized()
                .when(new EnableGitlab(ID, "h"))
                .thenRefused("INVALID_ARGUMENT invalid Gitlab namespace")
                .when(new EnableGitlab(ID, "h/g/s"))
                .then("event: EV_FSO_ENABLE_GITLAB_ACCEPTED fso_repo_init_info { gitlab_host: \"h\" gitlab_path: \"g/s/"
                        + ID + "\" }")
                .when(new EnableGitlab(ID, "h/g/s"))
                .then()
                .when(new EnableGitlab(ID, "h/other"))
                .thenRefused("ALREADY_EXISTS conflicting GitLab path");
    }

    @Test
    void anErrorIsStoredAndClearedByItsText() {
        initialized()
                .when(new ClearError("x"))
                .thenRefused("FAILED_PRECONDITION clear message mismatch")
                .when(new SetError(""))
                .thenRefused("INVALID_ARGUMENT empty error message")
                .when(new SetError("broken"))
                .then("event: EV_FSO_REPO_ERROR_SET fso_repo_error_message: \"broken\"")
                .when(new SetError("broken"))
                .then()
                .when(new SetError("other"))
                .thenRefused("FAILED_PRECONDITION command conflict")
                .when(new ClearError(""))
                .thenRefused("INVALID_ARGUMENT empty clear message")
                .when(new ClearError("other"))
                .thenRefused("FAILED_PRECONDITION clear message mismatch")
                .when(new ClearError("broken"))
                .then("event: EV_FSO_REPO_ERROR_CLEARED")
                .when(new SetError("other"))
                .then("event: EV_FSO_REPO_ERROR_SET fso_repo_error_message: \"other\"");
    }

    @Test
    void movesAreUnderstood() {
        FsoRepoInitInfo place = FsoRepoInitInfo.newBuilder()
                .setGlobalPath("/data/new")
                .setFileHost("host")
                .setHostPath("/srv/new")
                .build();
        var repo = initialized().given(new ConfirmShadow("/shadow/a"));
        repo.given(moveEvent(RepoEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                .setNewFsoRepoInitInfo(place)
                .build());
        assertThat(Objects.requireNonNull(repo.state().moveRepo()).pendingPath())
                .isEqualTo("/data/new");
        assertThat(Objects.requireNonNull(repo.state().moveRepo()).workflow()).isEqualTo(WORKFLOW);
        assertThat(repo.state().init().getGlobalPath()).isEqualTo("/data/a");

        repo.given(moveEvent(RepoEvent.Type.EV_FSO_REPO_MOVED)
                .setFsoRepoInitInfo(place)
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setShadowPath("/shadow/new"))
                .build());
        assertThat(Objects.requireNonNull(repo.state().moveRepo()).active()).isFalse();
        assertThat(repo.state().init())
                .isEqualTo(INFO.toBuilder()
                        .setGlobalPath("/data/new")
                        .setHostPath("/srv/new")
                        .build());
        assertThat(repo.state().shadowPath()).isEqualTo("/shadow/new");

        FsoShadowRepoInfo newer =
                FsoShadowRepoInfo.newBuilder().setNewShadowPath("/shadow/newer").build();
        repo.given(moveEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                .setFsoShadowRepoInfo(newer)
                .build());
        assertThat(Objects.requireNonNull(repo.state().moveShadow()).pendingPath())
                .isEqualTo("/shadow/newer");
        assertThat(repo.state().shadowPath()).isEqualTo("/shadow/new");
        repo.given(moveEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVED)
                .setFsoShadowRepoInfo(newer)
                .build());
        assertThat(Objects.requireNonNull(repo.state().moveShadow()).active()).isFalse();
        assertThat(repo.state().shadowPath()).isEqualTo("/shadow/newer");
        assertThat(repo.state().tier()).isEqualTo(StorageTierCode.ST_ONLINE);
    }

    private static RepoEvent.Builder moveEvent(RepoEvent.Type type) {
        return RepoEvent.newBuilder().setEvent(type).setWorkflowId(Fixture.bytes(WORKFLOW));
    }

    @Test
    void legacyAndUnknownEventsChangeNothing() {
        var repo = initialized().given(new ConfirmShadow("/s"));
        RepoState before = repo.state();
        for (int type : new int[] {68, 69, 151, 152, 4711}) {
            repo.given(RepoEvent.newBuilder().setEventValue(type).build());
        }
        assertThat(repo.state()).isEqualTo(before);
    }

    @Test
    void storageEventsLeadToATier() {
        var repo = initialized().given(new ConfirmShadow("/s"));
        repo.given(moveEvent(RepoEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2).build());
        assertThat(repo.state().tier()).isEqualTo(StorageTierCode.ST_FREEZING);
        repo.given(moveEvent(RepoEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2)
                .setStatusCode(105)
                .build());
        assertThat(repo.state().tier()).isEqualTo(StorageTierCode.ST_FREEZE_FAILED);
        assertThat(Objects.requireNonNull(repo.state().storageWorkflow()).workflow())
                .isEqualTo(WORKFLOW);
    }
}
