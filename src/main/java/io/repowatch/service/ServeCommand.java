package io.repowatch.service;

import io.repowatch.registry.MoveAccept;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs registry, observer and storage in one process. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs everything in one process: every subdirectory of DIR becomes a repo with a shadow git repo.")
final class ServeCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description =
                    "The directory with the projects, short for --root /local=DIR; default . unless --root is given.")
    @Nullable
    Path directory;

    @Option(
            names = "--root",
            paramLabel = "GLOBAL=HOSTDIR",
            description = "Maps a global path to a directory of this host; repeatable.")
    Map<String, Path> roots = Map.of();

    @Option(
            names = "--track",
            paramLabel = "DEPTH|none",
            defaultValue = "1",
            converter = TrackDepth.Converter.class,
            description = "Make a repo of every directory this many levels below a root; hidden directories, those of"
                    + " version control, and the data directory never. Default ${DEFAULT-VALUE}.")
    TrackDepth track = new TrackDepth(1);

    @Option(
            names = "--track-interval",
            paramLabel = "60s",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How often to look for new directories; default ${DEFAULT-VALUE}.")
    Duration trackInterval = Duration.ofSeconds(60);

    @Option(
            names = "--author",
            paramLabel = "'N <E>'",
            converter = Author.Converter.class,
            description = "Who makes the tracked repos; default git's user.name and user.email.")
    @Nullable
    Author author;

    @Mixin
    RegistryOptions registry = new RegistryOptions();

    @Mixin
    StorageOptions storage = new StorageOptions();

    @Mixin
    ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.configure(server.log);
        ServeConfig config = config();
        return ServerRun.run(Terminal.of(spec), basics -> new ServeRun(config, Progress.of(server.log)).start(basics));
    }

    private ServeConfig config() {
        Map<String, Path> all = new LinkedHashMap<>(roots);
        if (directory != null || all.isEmpty()) {
            Path local = directory != null ? directory : Path.of("");
            Path other = all.put("/local", local);
            if (other != null) {
                throw Failure.usage("/local is mapped twice: to " + local + " and to " + other
                        + "; give the directory or --root /local=..., not both");
            }
        }
        Author by = author != null ? author : GitAuthor.read();
        return ServeConfig.of(
                registry.data,
                registry.registries,
                all,
                storage.hosts,
                server.addresses(registry.grpc),
                track,
                trackInterval,
                by,
                registry.moveAccept(MoveAccept.AUTO),
                storage.otherShadowRoots(),
                storage.move,
                storage.checkedStatInterval());
    }
}
