package io.repowatch.service;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.repowatch.wire.nogfso.GetRegistriesI;
import io.repowatch.wire.nogfso.MainGrpc;
import io.repowatch.wire.nogfso.RegistryMainInfo;
import io.repowatch.wire.v1.LookupReply;
import io.repowatch.wire.v1.LookupRequest;
import io.repowatch.wire.v1.WorkflowsGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Finds out which workflow an id is. */
final class WorkflowLookup {
    @Option(
            names = "--registry",
            paramLabel = "NAME",
            description = "The registry of the workflow; default all registries of the server.")
    @Nullable
    String registry;

    /** What a server says of a workflow; a {@link Failure} says that there is none. Blocks. */
    LookupReply find(Channel channel, UUID workflow) {
        return search(channel, workflow).orElseThrow(() -> unknown(workflow));
    }

    private Failure unknown(UUID workflow) {
        return Failure.refused("no such workflow: " + workflow
                + (registry == null ? "" : " in registry " + registry)
                + "; the command that began it printed its id, and 'repowatch events repo' shows those of a repo");
    }

    /** As {@link #find}, but empty where there is none. */
    Optional<LookupReply> search(Channel channel, UUID workflow) {
        for (String name : registries(channel)) {
            try {
                return Optional.of(WorkflowsGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .lookup(LookupRequest.newBuilder()
                                .setRegistry(name)
                                .setWorkflow(WireText.bytes(workflow))
                                .build()));
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return Optional.empty();
    }

    private List<String> registries(Channel channel) {
        if (registry != null) {
            return List.of(registry);
        }
        List<String> names = new ArrayList<>();
        MainGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                .getRegistries(GetRegistriesI.getDefaultInstance())
                .getRegistriesList()
                .stream()
                .map(RegistryMainInfo::getName)
                .forEach(names::add);
        return names;
    }
}
