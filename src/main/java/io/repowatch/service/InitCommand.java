package io.repowatch.service;

import com.google.protobuf.ByteString;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRegistryO;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.InitRootO;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes registries, roots and repos. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Makes a registry, a root, or a repo.")
final class InitCommand implements Runnable {
    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                Terminal.of(spec).commandLine(), "say what to make: registry, root or repo");
    }

    @Command(
            name = "registry",
            mixinStandardHelpOptions = true,
            description = "Makes a registry; doing it again changes nothing.")
    void registry(@Mixin ClientOptions client, @Parameters(paramLabel = "NAME") String name) {
        InitRegistryI request = InitRegistryI.newBuilder().setRegistry(name).build();
        InitRegistryO reply = client.askRegistry(name, stub -> stub.initRegistry(request));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            terminal.line("registry " + name + " is there");
        }
    }

    @Command(
            name = "root",
            mixinStandardHelpOptions = true,
            description = "Maps a global path to a directory on a storage host; repos are made below it.")
    void root(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "REG") String registry,
            @Parameters(paramLabel = "GLOBAL") String global,
            @Parameters(paramLabel = "HOST:DIR") String hostDir) {
        int colon = hostDir.indexOf(':');
        if (colon <= 0 || !hostDir.startsWith("/", colon + 1)) {
            throw Failure.usage(
                    "\"" + hostDir + "\" is not a directory on a host; write HOST:DIR, such as localhost:/data");
        }
        InitRootI request = InitRootI.newBuilder()
                .setRegistry(registry)
                .setGlobalRoot(global)
                .setHost(hostDir.substring(0, colon))
                .setHostRoot(hostDir.substring(colon + 1))
                .build();
        InitRootO reply = client.askRegistry(registry, stub -> stub.initRoot(request));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            terminal.line("root " + global + " is there");
        }
    }

    @Command(name = "repo", mixinStandardHelpOptions = true, description = "Makes a repo of a directory below a root.")
    void repo(
            @Mixin ClientOptions client,
            @Parameters(paramLabel = "REG") String registry,
            @Parameters(paramLabel = "GLOBALPATH") String path,
            @Option(
                            names = "--author",
                            required = true,
                            paramLabel = "'N <E>'",
                            converter = Author.Converter.class,
                            description = "Who asks for it.")
                    Author author,
            @Option(
                            names = "--repo-id",
                            paramLabel = "U",
                            converter = WireText.UuidConverter.class,
                            description = "The id it shall have; with one, repeating the command is safe.")
                    @Nullable
                    UUID id) {
        InitRepoI request = InitRepoI.newBuilder()
                .setRegistry(registry)
                .setGlobalPath(path)
                .setCreatorName(author.name())
                .setCreatorEmail(author.email())
                .setRepoId(id == null ? ByteString.EMPTY : WireText.bytes(id))
                .build();
        InitRepoO reply = client.askRegistry(registry, stub -> stub.initRepo(request));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            terminal.table(List.of("REPO", "PATH"), List.of(List.of(WireText.uuid(reply.getRepo()), path)));
        }
    }
}
