package io.repowatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import org.junit.jupiter.api.Test;

/** What a newer program sends reaches us whole: known parts readable, unknown parts kept. */
class UnknownDataTest {
    private static final ByteString ID =
            ByteString.copyFrom(new byte[16]).substring(1).concat(ByteString.copyFromUtf8("x"));
    private static final UnknownFieldSet NEWER = UnknownFieldSet.newBuilder()
            .addField(1, Field.newBuilder().addVarint(9999).build())
            .addField(2, Field.newBuilder().addLengthDelimited(ID).build())
            .addField(
                    777,
                    Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFromUtf8("new"))
                            .build())
            .addField(
                    778,
                    Field.newBuilder().addVarint(5).addFixed32(6).addFixed64(7).build())
            .build();

    @Test
    void aRegistryEventOfAnUnknownTypeIsReadAndWrittenBackWhole() throws Exception {
        RegistryEvent event = RegistryEvent.parseFrom(NEWER.toByteString());

        assertThat(event.getEvent()).isEqualTo(RegistryEvent.Type.UNRECOGNIZED);
        assertThat(event.getEventValue()).isEqualTo(9999);
        assertThat(event.getId()).isEqualTo(ID);
        assertThat(event.getUnknownFields().asMap()).containsOnlyKeys(777, 778);
        assertThat(UnknownFieldSet.parseFrom(event.toByteString())).isEqualTo(NEWER);
    }

    @Test
    void repoAndWorkflowEventsOfAnUnknownTypeAreReadToo() throws Exception {
        assertThat(RepoEvent.parseFrom(NEWER.toByteString()).getEventValue()).isEqualTo(9999);
        assertThat(WorkflowEvent.parseFrom(NEWER.toByteString()).getEventValue())
                .isEqualTo(9999);
    }

    @Test
    void anUnknownEventDoesNotHideItsNeighbours() throws Exception {
        RegistryEvent known = RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_REPO_ADDED)
                .setId(ID)
                .build();
        UnknownFieldSet message = UnknownFieldSet.newBuilder()
                .addField(
                        1,
                        Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("exreg"))
                                .build())
                .addField(
                        2,
                        Field.newBuilder()
                                .addLengthDelimited(NEWER.toByteString())
                                .addLengthDelimited(known.toByteString())
                                .build())
                .addField(99, Field.newBuilder().addVarint(1).build())
                .build();

        RegistryEventsO read = RegistryEventsO.parseFrom(message.toByteString());

        assertThat(read.getRegistry()).isEqualTo("exreg");
        assertThat(read.getEventsList())
                .extracting(RegistryEvent::getEventValue)
                .containsExactly(9999, 24);
        assertThat(read.getEvents(1)).isEqualTo(known);
        assertThat(read.getWillBlock()).isFalse();
    }

    @Test
    void aSignalOfAnUnknownAggregateKeepsItsEntity() throws Exception {
        UnknownFieldSet message = UnknownFieldSet.newBuilder()
                .addField(1, Field.newBuilder().addVarint(42).build())
                .addField(3, Field.newBuilder().addLengthDelimited(ID).build())
                .build();

        AggregateSignal signal = AggregateSignal.parseFrom(message.toByteString());

        assertThat(signal.getAggregateType()).isEqualTo(AggregateSignal.AggregateType.UNRECOGNIZED);
        assertThat(signal.getEntityId()).isEqualTo(ID);
    }
}
