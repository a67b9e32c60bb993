package io.repowatch.service;

import io.repowatch.id.GlobalPath;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Makes a repo of every tracked directory that is not one yet, once at the start and then at every interval. A directory
 * that cannot be made a repo is reported and tried again in the next pass; it never hinders another.
 */
final class Tracker {
    private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);
    // Enough to fill the journal's group commits, few enough to leave the server responsive.
    static final int CONCURRENCY = 64;

    private final ServeConfig config;
    private final Function<GlobalPath, Mono<Void>> makeRepo;
    private final Scheduler blocking;
    private final Scheduler timer;
    private final TrackedDirectories directories;
    private final Set<GlobalPath> known = new HashSet<>();

    /**
     * @param makeRepo makes the repo of a path; completes also if it exists
     * @param blocking where directories are listed
     * @param timer where the interval is awaited
     */
    Tracker(ServeConfig config, Function<GlobalPath, Mono<Void>> makeRepo, Scheduler blocking, Scheduler timer) {
        this.config = config;
        this.makeRepo = makeRepo;
        this.blocking = blocking;
        this.timer = timer;
        this.directories = new TrackedDirectories(List.of(config.data()));
    }

    /** The paths that are repos already. Call before the first pass. */
    boolean addKnown(GlobalPath path) {
        synchronized (known) {
            return known.add(path);
        }
    }

    /** Emits after each pass, the first one at once; never completes unless tracking is off, then after one empty pass. */
    Flux<Boolean> passes() {
        if (!config.track().enabled()) {
            return Flux.just(true);
        }
        Mono<Boolean> pause = Mono.delay(config.trackInterval(), timer).thenReturn(true);
        return pass().concatWith(pause.then(pass()).repeat());
    }

    private Mono<Boolean> pass() {
        return Flux.fromIterable(config.roots().entrySet())
                .concatMap(this::newPaths)
                .flatMap(this::make, CONCURRENCY)
                .then(Mono.just(true));
    }

    private Flux<GlobalPath> newPaths(Map.Entry<GlobalPath, Path> root) {
        return Mono.fromCallable(() -> directories.pathsBelow(
                        root.getKey(), root.getValue(), config.track().levels()))
                .subscribeOn(blocking)
                .doOnError(e -> LOG.warn("cannot look for directories below {}: {}", root.getValue(), e.toString()))
                .onErrorComplete()
                .doOnNext(found -> forgetMissing(root.getKey(), found))
                .flatMapIterable(found -> found)
                .filter(this::isNew);
    }

    /** A repo may move away; a directory that comes to its old place later is a new one. */
    private void forgetMissing(GlobalPath root, Collection<GlobalPath> found) {
        Set<GlobalPath> present = new HashSet<>(found);
        synchronized (known) {
            known.removeIf(path -> path.value().startsWith(root.value() + "/") && !present.contains(path));
        }
    }

    private boolean isNew(GlobalPath path) {
        synchronized (known) {
            return !known.contains(path);
        }
    }

    private Mono<Boolean> make(GlobalPath path) {
        return makeRepo.apply(path)
                .then(Mono.fromCallable(() -> addKnown(path)))
                .doOnError(e -> LOG.warn("{} did not become a repo, will try again: {}", path, e.getMessage()))
                .onErrorComplete();
    }
}
