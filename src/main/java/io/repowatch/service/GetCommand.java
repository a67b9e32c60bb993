package io.repowatch.service;

import io.grpc.StatusRuntimeException;
import io.repowatch.wire.nogfso.GetRegistriesI;
import io.repowatch.wire.nogfso.GetRegistriesO;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.GetRootsO;
import io.repowatch.wire.nogfso.MainGrpc;
import io.repowatch.wire.nogfso.RepoInfo;
import io.repowatch.wire.nogfso.ReposGrpc;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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

/** Lists registries, roots and repos, and shows one repo. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Lists registries, roots or repos, or shows one repo.")
final class GetCommand implements Runnable {
    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                Terminal.of(spec).commandLine(), "say what to get: registries, roots, repos or repo");
    }

    @Command(name = "registries", mixinStandardHelpOptions = true, description = "Lists the registries of the server.")
    void registries(@Mixin ClientOptions client) {
        GetRegistriesO reply = client.ask(channel -> MainGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                .getRegistries(GetRegistriesI.getDefaultInstance()));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        reply.getRegistriesList().forEach(r -> rows.add(List.of(r.getName(), yesNo(r.getConfirmed()))));
        terminal.table(List.of("REGISTRY", "CONFIRMED"), rows);
    }

    @Command(name = "roots", mixinStandardHelpOptions = true, description = "Lists the roots of a registry.")
    void roots(@Mixin ClientOptions client, @Parameters(paramLabel = "REG") String registry) {
        GetRootsI request = GetRootsI.newBuilder().setRegistry(registry).build();
        GetRootsO reply = client.askRegistry(registry, stub -> stub.getRoots(request));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        reply.getRootsList().forEach(r -> rows.add(List.of(r.getGlobalRoot(), r.getHost(), r.getHostRoot())));
        terminal.table(List.of("ROOT", "HOST", "DIRECTORY"), rows);
    }

    @Command(name = "repos", mixinStandardHelpOptions = true, description = "Lists the repos of a registry.")
    void repos(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "REG") String registry,
            @Option(names = "--prefix", paramLabel = "P", description = "Only repos at or below this global path.")
                    @Nullable
                    String prefix) {
        GetReposI request = GetReposI.newBuilder()
                .setRegistry(registry)
                .setGlobalPathPrefix(prefix == null ? "" : prefix)
                .build();
        Terminal terminal = Terminal.of(spec);
        client.ask(channel -> ClientOptions.ofRegistry(registry, () -> {
            Iterator<GetReposO> parts = Listings.repos(channel, request);
            if (client.json()) {
                WireJson.listing(parts, terminal.out());
            } else {
                print(terminal, parts);
            }
            return true;
        }));
    }

    private static void print(Terminal terminal, Iterator<GetReposO> parts) {
        terminal.line(String.format("%-36s  %-9s  %s", "REPO", "CONFIRMED", "PATH"));
        while (parts.hasNext()) {
            for (RepoInfo repo : parts.next().getReposList()) {
                terminal.line(String.format(
                        "%-36s  %-9s  %s",
                        WireText.uuid(repo.getId()), yesNo(repo.getConfirmed()), repo.getGlobalPath()));
            }
        }
    }

    @Command(name = "repo", mixinStandardHelpOptions = true, description = "Shows one repo.")
    void repo(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "ID", converter = WireText.UuidConverter.class) UUID id) {
        GetRepoO reply = client.ask(channel -> getRepo(ReposGrpc.newBlockingStub(channel), id));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        WireJson.map(reply).forEach((name, value) -> {
            if (!value.equals(List.of())) {
                rows.add(List.of(name, value.toString()));
            }
        });
        terminal.table(List.of("FIELD", "VALUE"), rows);
    }

    /** What the registry knows of a repo; an unknown one is said to be so. */
    static GetRepoO getRepo(ReposGrpc.ReposBlockingStub stub, UUID id) {
        try {
            return stub.withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .getRepo(GetRepoI.newBuilder().setRepo(WireText.bytes(id)).build());
        } catch (StatusRuntimeException e) {
            throw ClientOptions.says(e, "uninitialized repo") ? noSuchRepo(id, e) : e;
        }
    }

    private static Failure noSuchRepo(UUID id, Throwable cause) {
        return Failure.refused("no such repo: " + id + "; 'repowatch get repos' lists those of a registry", cause);
    }

    private static String yesNo(boolean value) {
        return value ? "yes" : "no";
    }
}
