package io.repowatch.service;

import io.repowatch.observer.ObserverConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what an observer observes, and where. */
final class ObserveOptions {
    /** As many streams at a time as existing observers open. */
    private static final int COMPATIBLE_READS = 10;

    /** They share messages: the more at a time, the less each takes. 100,000 repos took 67 CPU s with 10, 58 with 64, 52 with 200. */
    private static final int FEED_READS = 128;

    /** What a call of a registry carries, less what is not a repo's. */
    private static final int MOST_READS = 200;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:REPOWATCH_SERVER:-127.0.0.1:7550}",
            converter = HostPort.Converter.class,
            description = "The registry server, loopback only; default $REPOWATCH_SERVER, else 127.0.0.1:7550.")
    HostPort registryServer = new HostPort("127.0.0.1", 7550);

    @Option(
            names = "--registry",
            paramLabel = "NAME",
            defaultValue = "local",
            description = "A registry to watch; repeatable. Default ${DEFAULT-VALUE}.")
    List<String> registries = List.of("local");

    @Option(
            names = "--prefix",
            paramLabel = "GLOBAL",
            defaultValue = "/",
            description = "Only repos at or below this global path are this observer's; repeatable. Default"
                    + " ${DEFAULT-VALUE}.")
    List<String> prefixes = List.of("/");

    @Option(
            names = "--shadow-root",
            paramLabel = "DIR",
            defaultValue = "repowatch-data/shadow",
            description = "Below which shadow repos are made; default ./${DEFAULT-VALUE}.")
    Path shadowRoot = Path.of("repowatch-data", "shadow");

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7551",
            converter = HostPort.Converter.class,
            description = "Where to listen for stat and status, loopback only; port 0 takes a free one. Default"
                    + " ${DEFAULT-VALUE}.")
    HostPort grpc = new HostPort("127.0.0.1", 7551);

    @Option(
            names = "--repo-reads",
            paramLabel = "N",
            description = "How many repos are read at once, from 1 to 200; default 128, with --compatible 10.")
    @Nullable
    Integer repoReads;

    @Option(
            names = "--compatible",
            description =
                    "Use only the services that every registry of the wire contract has, also where the server has"
                            + " the change feed.")
    boolean compatible;

    /** The registries, each once; a {@link Failure} names an empty one. */
    List<String> checkedRegistries() {
        return ServeConfig.names("--registry", registries);
    }

    /** The prefixes, each once; a {@link Failure} names one that is no path. */
    List<String> checkedPrefixes() {
        return prefixes.stream()
                .map(prefix -> prefix.equals("/")
                        ? prefix
                        : ServeConfig.globalPath("--prefix", prefix).value())
                .distinct()
                .toList();
    }

    /** How many repos are read at once; a {@link Failure} names a number that is out of range. */
    int checkedRepoReads() {
        if (repoReads == null) {
            return compatible ? COMPATIBLE_READS : FEED_READS;
        }
        if (repoReads < 1 || repoReads > MOST_READS) {
            throw Failure.usage("--repo-reads must be from 1 to " + MOST_READS + ": " + repoReads);
        }
        return repoReads;
    }

    /** What an observer with these options observes. */
    static ObserverConfig.Builder config(List<String> registries, List<String> prefixes, List<String> hosts) {
        ObserverConfig.Builder config =
                ObserverConfig.builder().registries(registries).hosts(hosts);
        prefixes.forEach(config::prefix);
        return config;
    }
}
