package io.repowatch.testkit.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The locks of a storage process: one operation at a time on each repo, in the order in which they came. */
final class RepoTurns {
    private final ProcessScheduler process;
    private final Map<UUID, Deque<Runnable>> waiting = new HashMap<>();

    RepoTurns(ProcessScheduler process) {
        this.process = process;
    }

    /** Runs {@code work} when it is its turn. */
    <T> Mono<T> inTurn(UUID repo, Mono<T> work) {
        return Mono.<Boolean>create(sink -> {
                    Deque<Runnable> queue = waiting.get(repo);
                    if (queue == null) {
                        waiting.put(repo, new ArrayDeque<>());
                        sink.success(true);
                        return;
                    }
                    boolean[] over = {false};
                    sink.onDispose(() -> over[0] = true);
                    queue.add(() -> {
                        if (over[0]) {
                            next(repo);
                        } else {
                            sink.success(true);
                        }
                    });
                })
                .flatMap(turn -> work.doFinally(end -> next(repo)));
    }

    private void next(UUID repo) {
        Deque<Runnable> queue = waiting.get(repo);
        Runnable next = queue == null ? null : queue.poll();
        if (next == null) {
            waiting.remove(repo);
        } else {
            process.schedule(next);
        }
    }
}
