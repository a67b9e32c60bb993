package io.repowatch.testkit;

import io.repowatch.testkit.Call.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Writes down every call of the ports in the order of their subscriptions, and makes calls fail or hang as scripted.
 * Thread-safe.
 */
public final class PortLog {
    private final List<Call> calls = new ArrayList<>();
    private final Map<Call, Deque<Throwable>> failures = new HashMap<>();
    private final Map<Call, Supplier<? extends Throwable>> alwaysFailing = new HashMap<>();
    private final Map<Call, Sinks.Empty<Void>> hanging = new HashMap<>();
    private int running;
    private int mostRunning;

    PortLog() {}

    /** The next {@code times} such calls fail with what {@code error} makes. */
    public synchronized PortLog fail(Call call, int times, Supplier<? extends Throwable> error) {
        Deque<Throwable> queue = failures.computeIfAbsent(call, key -> new ArrayDeque<>());
        for (int i = 0; i < times; i++) {
            queue.add(error.get());
        }
        return this;
    }

    /** All such calls fail with what {@code error} makes, after those of {@link #fail}; until {@link #mend}. */
    public synchronized PortLog failAlways(Call call, Supplier<? extends Throwable> error) {
        alwaysFailing.put(call, error);
        return this;
    }

    /** Such calls do not end; until {@link #mend}, which does not end those under way, or {@link #resume}, which does. */
    public synchronized PortLog hang(Call call) {
        hanging.put(call, Sinks.empty());
        return this;
    }

    /** Such calls work again; those that hang now do what they were to do. */
    public PortLog resume(Call call) {
        Sinks.Empty<Void> end;
        synchronized (this) {
            end = hanging.remove(call);
        }
        if (end != null && end.tryEmitEmpty().isFailure()) {
            throw new IllegalStateException(call + " was resumed before");
        }
        return this;
    }

    /** Such calls work again. */
    public synchronized PortLog mend(Call call) {
        failures.remove(call);
        alwaysFailing.remove(call);
        hanging.remove(call);
        return this;
    }

    /** All calls so far. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** How many calls are under way. */
    public synchronized int running() {
        return running;
    }

    /** The greatest number of calls that were under way at the same time. */
    public synchronized int mostRunning() {
        return mostRunning;
    }

    synchronized List<Call> callsFrom(int index) {
        return List.copyOf(calls.subList(index, calls.size()));
    }

    /** Records a call at each subscription, then fails, hangs, or does {@code work}. */
    <T> Mono<T> record(Kind kind, UUID repo, Supplier<Mono<T>> work) {
        return Mono.defer(() -> {
            begin();
            return outcome(new Call(kind, repo), work).doFinally(signal -> end());
        });
    }

    private synchronized void begin() {
        running++;
        mostRunning = Math.max(mostRunning, running);
    }

    private synchronized void end() {
        running--;
    }

    private <T> Mono<T> outcome(Call call, Supplier<Mono<T>> work) {
        Throwable failure;
        synchronized (this) {
            calls.add(call);
            failure = nextFailure(call);
            Sinks.Empty<Void> end = hanging.get(call);
            if (failure == null && end != null) {
                return end.asMono().then(Mono.defer(work));
            }
        }
        return failure != null ? Mono.error(failure) : work.get();
    }

    private @Nullable Throwable nextFailure(Call call) {
        Deque<Throwable> queue = failures.get(call);
        if (queue != null && !queue.isEmpty()) {
            return queue.poll();
        }
        Supplier<? extends Throwable> always = alwaysFailing.get(call);
        return always == null ? null : always.get();
    }
}
