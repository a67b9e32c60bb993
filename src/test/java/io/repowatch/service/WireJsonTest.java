package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.InfoO;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryMainInfo;
import org.junit.jupiter.api.Test;

class WireJsonTest {

    @Test
    void eventsShowIdsAsTextAndTheirTime() {
        Vid id = new Vid(1_700_000_000_000L << 16, 5);
        RegistryEvent event = RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_REPO_ADDED)
                .setId(WireText.bytes(id))
                .setParent(WireText.bytes(Vid.EPOCH))
                .setRepoEventId(WireText.bytes(id))
                .setFsoRepoInfo(FsoRepoInfo.newBuilder()
                        .setId(WireText.bytes(EntityIds.main()))
                        .setGlobalPath("/a\n\"b\""))
                .build();

        assertThat(WireJson.of(event))
                .contains("\"event\":\"EV_FSO_REPO_ADDED\"")
                .contains("\"id\":\"" + id + "\"")
                .contains("\"etime\":\"2023-11-14T22:13:20Z\"")
                .contains("\"parent\":\"00000000000000000000000000\"")
                .contains("\"repoEventId\":\"" + id + "\"")
                .contains("\"globalPath\":\"/a\\n\\\"b\\\"\"")
                .doesNotContain("fsoGpgKeyFingerprints")
                .contains("\"id\":\"7e6abfc7-eb28-5e30-8136-f9be7b77cf57\"")
                .doesNotContain("\n");
    }

    @Test
    void falseAndZeroCountsAreSaid() {
        assertThat(WireJson.of(RegistryMainInfo.newBuilder().setName("r").build()))
                .isEqualTo("{\"name\":\"r\",\"confirmed\":false}");
        assertThat(WireJson.of(InfoO.newBuilder().setRegistry("r").build())).contains("\"numRepos\":0");
    }
}
