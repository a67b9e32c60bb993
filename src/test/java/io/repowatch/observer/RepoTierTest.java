package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The storage tier as the events of a repo tell it, and that a processor hears of it. */
class RepoTierTest {
    private final ScriptedRepo repo = new ScriptedRepo(new UUID(1, 1), "reg", "/own/a", "host1");
    private RepoState state = RepoState.initial(repo.id());
    private long lastVid;

    private void fold(RepoEvent body) {
        lastVid++;
        state = state.after(new Event<>(new Vid(1, lastVid), null, body));
    }

    @Test
    void aRepoIsOnlineOnceItHasAShadow() {
        fold(repo.initStarted().body());
        assertThat(state.tier()).isEqualTo(StorageTierCode.ST_UNSPECIFIED);
        fold(repo.shadowCreated().body());
        assertThat(state.tier()).isEqualTo(StorageTierCode.ST_ONLINE);
    }

    @ParameterizedTest
    @CsvSource({
        "EV_FSO_FREEZE_REPO_STARTED_2, 0, ST_FREEZING",
        "EV_FSO_FREEZE_REPO_COMPLETED_2, 0, ST_FROZEN",
        "EV_FSO_FREEZE_REPO_COMPLETED_2, 105, ST_FREEZE_FAILED",
        "EV_FSO_UNFREEZE_REPO_STARTED_2, 0, ST_UNFREEZING",
        "EV_FSO_UNFREEZE_REPO_COMPLETED_2, 0, ST_ONLINE",
        "EV_FSO_UNFREEZE_REPO_COMPLETED_2, 108, ST_UNFREEZE_FAILED",
        "EV_FSO_ARCHIVE_REPO_STARTED, 0, ST_ARCHIVING",
        "EV_FSO_ARCHIVE_REPO_COMPLETED, 0, ST_ARCHIVED",
        "EV_FSO_ARCHIVE_REPO_COMPLETED, 113, ST_ARCHIVE_FAILED",
        "EV_FSO_UNARCHIVE_REPO_STARTED, 0, ST_UNARCHIVING",
        "EV_FSO_UNARCHIVE_REPO_COMPLETED, 0, ST_FROZEN",
        "EV_FSO_UNARCHIVE_REPO_COMPLETED, 303, ST_UNARCHIVE_FAILED",
        "EV_FSO_FREEZE_REPO_STARTED, 0, ST_ONLINE",
        "EV_FSO_FREEZE_REPO_COMPLETED, 0, ST_ONLINE",
        "EV_FSO_REPO_ERROR_SET, 0, ST_ONLINE",
    })
    void anEventLeadsToATier(RepoEvent.Type type, int statusCode, StorageTierCode tier) {
        fold(repo.initStarted().body());
        fold(repo.shadowCreated().body());
        fold(RepoEvent.newBuilder().setEvent(type).setStatusCode(statusCode).build());
        assertThat(state.tier()).isEqualTo(tier);
        assertThat(RepoInfo.of(state)).get().extracting(RepoInfo::tier).isEqualTo(tier);
    }
}
