package io.repowatch.service;

import io.repowatch.storage.StorageConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every process that has repos. */
final class StorageOptions {
    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "localhost",
            description = "A name of this host, as the roots have it; repeatable. With serve, roots are made with the"
                    + " first. Default ${DEFAULT-VALUE}.")
    List<String> hosts = List.of("localhost");

    @Option(
            names = "--stat-interval",
            paramLabel = "24h",
            converter = DurationConverter.class,
            description =
                    "How often every enabled repo is looked at for changes of its files, spread over that time, at"
                            + " least 1s; default never.")
    @Nullable
    Duration statInterval;

    @Option(
            names = "--move",
            paramLabel = "auto|manual",
            defaultValue = "auto",
            description =
                    "Who moves the directories of a repo that is given another place: this process, or an operator,"
                            + " who is told the steps. Default ${DEFAULT-VALUE}.")
    StorageConfig.Move move = StorageConfig.Move.AUTO;

    @Option(
            names = "--shadow-root-alt",
            paramLabel = "DIR",
            description =
                    "Another directory below which shadow repos may be, after 'repowatch move shadow'; repeatable.")
    List<Path> shadowRootAlt = List.of();

    /** The other directories of shadow repos, absolute. */
    List<Path> otherShadowRoots() {
        return shadowRootAlt.stream()
                .map(directory -> directory.toAbsolutePath().normalize())
                .toList();
    }

    /** The interval, checked; null for never. */
    @Nullable
    Duration checkedStatInterval() {
        Duration interval = statInterval;
        if (interval != null && interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw Failure.usage("--stat-interval " + interval.toMillis() + "ms is too short; it must be at least 1s");
        }
        return interval;
    }
}
