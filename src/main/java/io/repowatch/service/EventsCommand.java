package io.repowatch.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.EphemeralRegistryGrpc;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.v1.LookupReply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the events of a registry, a repo or a workflow, oldest first. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Prints the events of a registry, a repo or a workflow, oldest first.")
final class EventsCommand implements Runnable {

    /** Which events, and whether to wait for new ones. */
    static final class Range {
        @Option(
                names = "--after",
                paramLabel = "V",
                converter = WireText.VidConverter.class,
                description = "Only events after this one; default all.")
        @Nullable
        Vid after;

        @Option(names = "--watch", description = "Go on with new events until interrupted.")
        boolean watch;

        ByteString afterBytes() {
            return after == null ? ByteString.EMPTY : WireText.bytes(after);
        }
    }

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                Terminal.of(spec).commandLine(), "say whose events to print: registry, repo or workflow");
    }

    @Command(name = "registry", mixinStandardHelpOptions = true, description = "Prints the events of a registry.")
    void registry(@Mixin ClientOptions client, @Mixin Range range, @Parameters(paramLabel = "REG") String registry) {
        // The stream of an unknown registry is empty by contract, which a person would take for an empty registry.
        var unused = client.askRegistry(
                registry,
                stub -> stub.info(InfoI.newBuilder().setRegistry(registry).build()));
        RegistryEventsI request = RegistryEventsI.newBuilder()
                .setRegistry(registry)
                .setAfter(range.afterBytes())
                .setWatch(range.watch)
                .build();
        client.ask(channel -> {
            RegistryGrpc.newBlockingStub(channel)
                    .events(request)
                    .forEachRemaining(reply ->
                            reply.getEventsList().forEach(event -> print(client, "registry", registry, event)));
            return true;
        });
    }

    @Command(
            name = "repo",
            mixinStandardHelpOptions = true,
            description = "Prints the events of repos, one after the other.")
    void repo(
            @Mixin ClientOptions client,
            @Mixin Range range,
            @Parameters(paramLabel = "ID", arity = "1..*", converter = WireText.UuidConverter.class) List<UUID> ids) {
        if (ids.size() > 1 && (range.watch || range.after != null)) {
            throw Failure.usage("--watch and --after concern one repo; name only one");
        }
        client.ask(channel -> {
            ids.forEach(id -> repo(client, range, ReposGrpc.newBlockingStub(channel), id));
            return true;
        });
    }

    private void repo(ClientOptions client, Range range, ReposGrpc.ReposBlockingStub stub, UUID id) {
        RepoEventsI request = RepoEventsI.newBuilder()
                .setRepo(WireText.bytes(id))
                .setAfter(range.afterBytes())
                .setWatch(range.watch)
                .build();
        stub.events(request)
                .forEachRemaining(reply -> reply.getEventsList().forEach(event -> print(client, "repo", id, event)));
    }

    @Command(
            name = "workflow",
            mixinStandardHelpOptions = true,
            description = "Prints the events of a move, a freeze, an unfreeze or a ping.")
    void workflow(
            @Mixin ClientOptions client,
            @Mixin Range range,
            @Mixin WorkflowLookup lookup,
            @Option(
                            names = "--repo",
                            paramLabel = "REPO",
                            converter = WireText.UuidConverter.class,
                            description = "The repo of a move; default whatever the server knows of the workflow.")
                    @Nullable
                    UUID repo,
            @Parameters(paramLabel = "ID", converter = WireText.WorkflowConverter.class) UUID id) {
        client.ask(channel -> {
            if (repo != null) {
                ofRepo(client, range, channel, repo, id);
                return true;
            }
            LookupReply found = lookup.find(channel, id);
            if (found.getKind().equals(WorkflowReport.MOVE_REPO)
                    || found.getKind().equals(WorkflowReport.MOVE_SHADOW)) {
                ofRepo(client, range, channel, WireText.id(found.getRepo()), id);
            } else {
                ofRegistry(client, range, channel, found.getRegistry(), id);
            }
            return true;
        });
    }

    private void ofRepo(ClientOptions client, Range range, Channel channel, UUID repo, UUID id) {
        RepoWorkflowEventsI request = RepoWorkflowEventsI.newBuilder()
                .setRepo(WireText.bytes(repo))
                .setWorkflow(WireText.bytes(id))
                .setAfter(range.afterBytes())
                .setWatch(range.watch)
                .build();
        ReposGrpc.newBlockingStub(channel)
                .workflowEvents(request)
                .forEachRemaining(
                        reply -> reply.getEventsList().forEach(event -> print(client, "workflow", id, event)));
    }

    private void ofRegistry(ClientOptions client, Range range, Channel channel, String registry, UUID id) {
        RegistryWorkflowEventsI request = RegistryWorkflowEventsI.newBuilder()
                .setRegistry(registry)
                .setWorkflow(WireText.bytes(id))
                .setAfter(range.afterBytes())
                .setWatch(range.watch)
                .build();
        EphemeralRegistryGrpc.newBlockingStub(channel)
                .registryWorkflowEvents(request)
                .forEachRemaining(
                        reply -> reply.getEventsList().forEach(event -> print(client, "workflow", id, event)));
    }

    private void print(ClientOptions client, String kind, Object whose, Message event) {
        Terminal terminal = Terminal.of(spec);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(kind, whose.toString());
        fields.putAll(WireJson.map(event));
        if (client.json()) {
            terminal.out().println(WireJson.of(fields));
        } else {
            terminal.line(text(fields));
        }
        // Whoever reads the output may have read enough, as head does.
        if (terminal.out().checkError()) {
            throw Failure.refused("the output cannot be written any more");
        }
    }

    private static String text(Map<String, Object> fields) {
        Map<String, Object> rest = new LinkedHashMap<>(fields);
        // The first field says whose event it is.
        Object whose = rest.remove(rest.keySet().iterator().next());
        Object time = rest.remove("etime");
        Object id = rest.remove("id");
        Object name = rest.remove("event");
        rest.remove("parent");
        rest.values().removeIf(value -> value.equals(List.of()));
        return time + "  " + whose + "  " + id + "  " + name + (rest.isEmpty() ? "" : "  " + WireJson.of(rest));
    }
}
