package io.repowatch.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.stub.AbstractStub;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.ReposGrpc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the events of a registry or a repo, oldest first. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Prints the events of a registry or a repo, oldest first.")
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
                Terminal.of(spec).commandLine(), "say whose events to print: registry or repo");
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
            timed(RegistryGrpc.newBlockingStub(channel), range)
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
        timed(stub, range)
                .events(request)
                .forEachRemaining(reply -> reply.getEventsList().forEach(event -> print(client, "repo", id, event)));
    }

    private static <S extends AbstractStub<S>> S timed(S stub, Range range) {
        return range.watch ? stub : stub.withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS);
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
        terminal.out().flush();
    }

    private static String text(Map<String, Object> fields) {
        Map<String, Object> rest = new LinkedHashMap<>(fields);
        String whose =
                rest.remove("registry") instanceof String registry ? registry : String.valueOf(rest.remove("repo"));
        Object time = rest.remove("etime");
        Object id = rest.remove("id");
        Object name = rest.remove("event");
        rest.remove("parent");
        rest.values().removeIf(value -> value.equals(List.of()));
        return time + "  " + whose + "  " + id + "  " + name + (rest.isEmpty() ? "" : "  " + WireJson.of(rest));
    }
}
