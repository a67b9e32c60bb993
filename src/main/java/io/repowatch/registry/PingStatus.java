package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRegistryPingsO;
import io.repowatch.wire.v1.LookupReply;
import org.jspecify.annotations.Nullable;

/** How a ping stands, as the wire says it. */
final class PingStatus {
    private PingStatus() {}

    static GetRegistryPingsO of(Vid vid, PingState state) {
        GetRegistryPingsO.Builder reply = GetRegistryPingsO.newBuilder()
                .setWorkflowVid(WireFields.bytes(vid))
                .setSummary(summary(state));
        state.pings().forEach(ping -> reply.addServerPings(status(ping)));
        return reply.build();
    }

    static LookupReply.Builder lookup(Vid vid, PingState state) {
        PingState.@Nullable Ping summary = state.summary();
        String word = state.ended() ? "committed" : state.gathering() ? "gathering" : "summarized";
        return LookupReply.newBuilder()
                .setKind("ping-registry")
                .setWorkflowVid(WireFields.bytes(vid))
                .setState(word)
                .setStatusCode(!state.ended() ? WorkflowKind.RUNNING : summary == null ? 0 : summary.code())
                .setStatusMessage(summary == null ? "" : summary.message());
    }

    private static GetRegistryPingsO.Status summary(PingState state) {
        PingState.@Nullable Ping summary = state.summary();
        return switch (state.phase()) {
            case INITIALIZED -> running(GetRegistryPingsO.StatusCode.SC_ACTIVE, "initialized");
            case APPENDING -> running(GetRegistryPingsO.StatusCode.SC_ACTIVE, "appending");
            case SUMMARIZED ->
                summary == null
                        ? GetRegistryPingsO.Status.getDefaultInstance()
                        : status(summary).toBuilder()
                                .setStatusCode(GetRegistryPingsO.StatusCode.SC_SUMMARIZED_VALUE)
                                .build();
            case COMPLETED, TERMINATED ->
                summary == null ? GetRegistryPingsO.Status.getDefaultInstance() : status(summary);
        };
    }

    private static GetRegistryPingsO.Status running(GetRegistryPingsO.StatusCode code, String message) {
        return GetRegistryPingsO.Status.newBuilder()
                .setStatusCode(code.getNumber())
                .setStatusMessage(message)
                .build();
    }

    private static GetRegistryPingsO.Status status(PingState.Ping ping) {
        return GetRegistryPingsO.Status.newBuilder()
                .setStatusCode(ping.code())
                .setStatusMessage(ping.message())
                .setEventId(WireFields.bytes(ping.vid()))
                .build();
    }
}
