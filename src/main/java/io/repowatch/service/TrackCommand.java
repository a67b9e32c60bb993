package io.repowatch.service;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.repowatch.id.GlobalPath;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.ReactorRegistryGrpc;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.nogfso.RootInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes a repo of every directory below a root that is not one yet. */
@Command(
        name = "track",
        mixinStandardHelpOptions = true,
        description =
                "Makes a repo of every directory below a root that is not one yet, once. Run it on the root's host.")
final class TrackCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "REG", description = "The registry that the root belongs to.")
    String registry = "";

    @Option(names = "--root", required = true, paramLabel = "GLOBAL", description = "The root, by its global path.")
    String root = "";

    @Option(
            names = "--author",
            required = true,
            paramLabel = "'N <E>'",
            converter = Author.Converter.class,
            description = "Who makes the repos.")
    Author author = GitAuthor.NOBODY;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "1",
            converter = TrackDepth.Converter.class,
            description =
                    "How many levels below the root the directories lie; default ${DEFAULT-VALUE}. Hidden ones and"
                            + " those of version control are left out.")
    TrackDepth depth = new TrackDepth(1);

    @Option(
            names = "--exclude",
            paramLabel = "DIR",
            description =
                    "Leave this directory out, and whatever holds it; repeatable. For data directories below the root.")
    List<Path> excluded = List.of();

    /** What became of one directory. */
    private record Outcome(
            String path, @Nullable InitRepoO made, @Nullable String failure) {}

    @Override
    public Integer call() {
        if (!depth.enabled()) {
            throw Failure.usage("--depth needs a number of levels from 1 to 9, not none");
        }
        GlobalPath global = ServeConfig.globalPath("--root", root);
        List<Outcome> outcomes = client.ask(channel -> track(channel, global));
        long failed = outcomes.stream().filter(o -> o.failure() != null).count();
        print(Terminal.of(spec), outcomes, failed);
        if (failed > 0) {
            throw Failure.refused(failed + " of " + outcomes.size() + " directories did not become repos");
        }
        return ExitCode.OK;
    }

    private List<Outcome> track(Channel channel, GlobalPath global) {
        List<GlobalPath> missing = missing(channel, global);
        List<Outcome> outcomes = Main.await(Flux.fromIterable(missing)
                .flatMapSequential(path -> make(channel, path), Tracker.CONCURRENCY)
                .collectList());
        return outcomes == null ? List.of() : outcomes;
    }

    private List<GlobalPath> missing(Channel channel, GlobalPath global) {
        Path directory = directory(channel, global);
        Set<String> known = known(channel, global);
        try {
            return new TrackedDirectories(realExcluded())
                    .pathsBelow(global, directory, depth.levels()).stream()
                            .filter(path -> !known.contains(path.value()))
                            .toList();
        } catch (IOException e) {
            throw Failure.refused("cannot look for directories below " + directory + ": " + e, e);
        }
    }

    private Path directory(Channel channel, GlobalPath global) {
        GetRootsI request = GetRootsI.newBuilder().setRegistry(registry).build();
        RootInfo info = ClientOptions.ofRegistry(
                        registry,
                        () -> RegistryGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                                .getRoots(request))
                .getRootsList()
                .stream()
                .filter(r -> r.getGlobalRoot().equals(global.value()))
                .findFirst()
                .orElseThrow(() -> Failure.refused("the registry " + registry + " has no root " + global
                        + "; 'repowatch get roots " + registry + "' lists them"));
        Path directory = Path.of(info.getHostRoot());
        try {
            if (Files.isDirectory(directory)) {
                return directory.toRealPath();
            }
        } catch (IOException e) {
            throw Failure.refused("cannot read " + directory + ", the directory of root " + global + ": " + e, e);
        }
        throw Failure.refused(
                directory + ", the directory of root " + global + ", is not here; run this on host " + info.getHost());
    }

    private Set<String> known(Channel channel, GlobalPath global) {
        GetReposI request = GetReposI.newBuilder()
                .setRegistry(registry)
                .setGlobalPathPrefix(global.value())
                .build();
        Set<String> known = new HashSet<>();
        Listings.repos(channel, request)
                .forEachRemaining(part -> part.getReposList().forEach(repo -> known.add(repo.getGlobalPath())));
        return known;
    }

    private List<Path> realExcluded() {
        List<Path> real = new ArrayList<>();
        for (Path each : excluded) {
            try {
                real.add(each.toRealPath());
            } catch (IOException e) {
                throw Failure.usage("--exclude: " + each + " is not there or cannot be read");
            }
        }
        return real;
    }

    /** Somebody else may have made it since it was looked for. */
    private Mono<Outcome> make(Channel channel, GlobalPath path) {
        InitRepoI request = InitRepoI.newBuilder()
                .setRegistry(registry)
                .setGlobalPath(path.value())
                .setCreatorName(author.name())
                .setCreatorEmail(author.email())
                .build();
        return ReactorRegistryGrpc.newReactorStub(channel)
                .withDeadlineAfter(Duration.ofSeconds(ClientOptions.DEADLINE_SECONDS))
                .initRepo(request)
                .map(reply -> new Outcome(path.value(), reply, null))
                .onErrorResume(
                        StatusRuntimeException.class,
                        e -> e.getStatus().getCode() == Status.Code.ALREADY_EXISTS
                                ? Mono.empty()
                                : Mono.just(new Outcome(path.value(), null, e.getMessage())));
    }

    private void print(Terminal terminal, List<Outcome> outcomes, long failed) {
        for (Outcome outcome : outcomes) {
            InitRepoO made = outcome.made();
            if (made == null) {
                terminal.err().println("repowatch: " + Terminal.printable(outcome.path() + ": " + outcome.failure()));
            } else if (client.json()) {
                terminal.out().println(WireJson.tracked(made, outcome.path()));
            } else {
                terminal.line(WireText.uuid(made.getRepo()) + "  " + outcome.path());
            }
        }
        if (!client.json()) {
            terminal.line((outcomes.size() - failed) + " repos made");
        }
    }
}
