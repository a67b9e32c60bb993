package io.repowatch.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The test vectors of the registry specification, section 1.2. */
class EntityIdsTest {

    @Test
    void namedIdsMatchTheSpecification() {
        assertThat(EntityIds.main()).hasToString("7e6abfc7-eb28-5e30-8136-f9be7b77cf57");
        assertThat(EntityIds.registry("exreg")).hasToString("a85e477e-e5d3-5d2d-b4a8-ec32cfe3254f");
        assertThat(EntityIds.workflowIndex("exreg")).hasToString("583eef08-a9a7-5314-b743-ac1966d240b3");
        assertThat(EntityIds.broadcast("all")).hasToString("9a9be7d2-ec34-5966-bcc3-4e5b280c831f");
    }

    @Test
    void bytesRoundTripAndOtherLengthsAreRefused() {
        UUID id = EntityIds.main();
        assertThat(EntityIds.of(EntityIds.toBytes(id))).isEqualTo(id);
        assertThatThrownBy(() -> EntityIds.of(new byte[17])).hasMessageContaining("17");
    }
}
