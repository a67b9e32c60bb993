package io.repowatch.storage;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One fair lock per repo. Waiting holds no thread. A repo that nobody uses takes no memory. Thread-safe.
 *
 * <p>Cancelling a turn that waits removes it; cancelling one that runs cancels its work, and the lock is freed when the
 * blocking tasks of that work have ended too.
 */
final class RepoLocks {
    private final ConcurrentHashMap<UUID, Line> lines = new ConcurrentHashMap<>();

    /** Runs {@code work} alone for this repo, however long the line is. */
    <T> Mono<T> withLock(UUID repo, Supplier<Mono<T>> work) {
        return withLock(repo, Integer.MAX_VALUE, work);
    }

    /** As above; fails with {@link BusyException} at once if {@code maxWaiting} turns wait already. */
    <T> Mono<T> withLock(UUID repo, int maxWaiting, Supplier<Mono<T>> work) {
        return Mono.create(sink -> join(
                repo,
                work,
                sink,
                (line, turn) -> line.offer(turn, maxWaiting),
                maxWaiting + " requests wait for repo " + repo + " already; try again later"));
    }

    /** As above; fails with {@link BusyException} at once if anybody works on the repo or waits for it. */
    <T> Mono<T> withFreeLock(UUID repo, Supplier<Mono<T>> work) {
        return Mono.create(sink -> join(repo, work, sink, Line::offerIfIdle, "repo " + repo + " is busy"));
    }

    private <T> void join(
            UUID repo, Supplier<Mono<T>> work, MonoSink<T> sink, BiPredicate<Line, Turn<?>> offer, String refusal) {
        Turn<T> turn = new Turn<>(work, sink, () -> release(repo));
        boolean[] accepted = new boolean[1];
        Line line = lines.compute(repo, (id, present) -> {
            Line used = present == null ? new Line() : present;
            accepted[0] = offer.test(used, turn);
            return used;
        });
        if (!accepted[0]) {
            sink.error(new BusyException(refusal));
            return;
        }
        sink.onCancel(() -> {
            if (turn.abandon()) {
                line.leave(turn);
                forgetIfIdle(repo);
            }
        });
        line.drain();
    }

    private void release(UUID repo) {
        Line line = lines.get(repo);
        if (line != null) {
            line.free();
            line.drain();
            forgetIfIdle(repo);
        }
    }

    // Inside the map's own atomic step, so that nobody can join a line that is being forgotten.
    private void forgetIfIdle(UUID repo) {
        lines.computeIfPresent(repo, (id, line) -> line.idle() ? null : line);
    }

    /** How many repos have a turn that runs or waits. */
    int size() {
        return lines.size();
    }
}
