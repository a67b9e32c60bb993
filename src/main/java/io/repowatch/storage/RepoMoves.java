package io.repowatch.storage;

import io.repowatch.observer.RepoMove;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The moves that are under way, and how far they are. Thread-safe. */
final class RepoMoves {
    private final StorageConfig config;
    private final RepoTable locks;
    private final BlockingWork blocking;
    private final Scheduler timer;
    private final MoveOperation operation;
    private final ManualMove manual;
    private final Map<UUID, String> progress = new ConcurrentHashMap<>();

    RepoMoves(
            StorageConfig config,
            RepoTable locks,
            BlockingWork blocking,
            Scheduler timer,
            ProgressListener walks,
            MoveStep.Listener steps) {
        this.config = config;
        this.locks = locks;
        this.blocking = blocking;
        this.timer = timer;
        this.operation = new MoveOperation(config, steps);
        this.manual = new ManualMove(config, operation, walks);
    }

    /** Emits the shadow's new path when all is there. Waits for an operator without a thread, and without the repo's lock. */
    Mono<String> move(RepoMove move) {
        UUID workflow = move.workflow();
        return (config.move() == StorageConfig.Move.AUTO ? automatic(move) : byOperator(move))
                .doOnSuccess(done -> progress.remove(workflow))
                .doOnError(error -> progress.put(workflow, "failed and will be tried again: " + reason(error)));
    }

    String progress(UUID workflow) {
        return progress.getOrDefault(workflow, "");
    }

    private Mono<String> automatic(RepoMove move) {
        return locks.withLock(
                move.repo(),
                () -> blocking.run(stopped -> operation
                        .move(move, stopped, text -> progress.put(move.workflow(), text))
                        .toString()));
    }

    private Mono<String> byOperator(RepoMove move) {
        UUID workflow = move.workflow();
        return locks.withLock(
                        move.repo(),
                        () -> blocking.run(stopped -> Optional.ofNullable(manual.check(
                                                move,
                                                stopped,
                                                progress(workflow),
                                                text -> progress.put(workflow, text)))
                                        .map(Path::toString))
                                .flatMap(Mono::justOrEmpty))
                .repeatWhenEmpty(empty -> empty.delayElements(config.moveRecheck(), timer));
    }

    private static String reason(Throwable error) {
        return error instanceof IOException io
                ? ReadErrors.reason(io)
                : PathBytes.printable(String.valueOf(error.getMessage()));
    }
}
