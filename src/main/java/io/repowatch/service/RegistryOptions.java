package io.repowatch.service;

import io.repowatch.registry.MoveAccept;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every process that keeps registries. */
final class RegistryOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "repowatch-data",
            description = "Where everything is kept; default ./${DEFAULT-VALUE}.")
    Path data = Path.of("repowatch-data");

    @Option(
            names = "--registry",
            paramLabel = "NAME",
            defaultValue = "local",
            description =
                    "A registry to make if it is missing; repeatable. With serve, roots and tracked repos go to the"
                            + " first. Default ${DEFAULT-VALUE}.")
    List<String> registries = List.of("local");

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7550",
            converter = HostPort.Converter.class,
            description = "Where to listen, loopback only; port 0 takes a free one. Default ${DEFAULT-VALUE}.")
    HostPort grpc = new HostPort("127.0.0.1", 7550);

    @Option(
            names = "--move-accept",
            paramLabel = "auto|manual",
            description = "Who agrees to moves of repos in the application's place: the registry, or whoever runs"
                    + " 'repowatch accept-move' or posts it. Default auto with serve, manual with registry.")
    @Nullable
    MoveAccept moveAccept;

    /** What was given, else {@code otherwise}. */
    MoveAccept moveAccept(MoveAccept otherwise) {
        return moveAccept == null ? otherwise : moveAccept;
    }
}
