package io.repowatch.storage;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** One run and those who wait for it. The waiters are guarded by the {@link StatRuns} it belongs to. */
final class StatRun implements Disposable {
    private final StatRuns.Order order;
    private final Function<StatRun, Mono<Boolean>> work;
    private final BiConsumer<StatRun, @Nullable Throwable> onEnd;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Disposable.Swap subscription = Disposables.swap();
    private final Set<MonoSink<Void>> waiters = new LinkedHashSet<>();
    private boolean pinned;

    StatRun(
            StatRuns.Order order,
            Function<StatRun, Mono<Boolean>> work,
            BiConsumer<StatRun, @Nullable Throwable> onEnd) {
        this.order = order;
        this.work = work;
        this.onEnd = onEnd;
    }

    StatRuns.Order order() {
        return order;
    }

    void addWaiter(MonoSink<Void> waiter) {
        waiters.add(waiter);
    }

    /** Whether nobody wants the run any more. */
    boolean removeWaiter(MonoSink<Void> waiter) {
        return waiters.remove(waiter) && waiters.isEmpty() && !pinned;
    }

    /** Somebody wants it without waiting for it. */
    void pin() {
        pinned = true;
    }

    boolean isPinned() {
        return pinned;
    }

    List<MonoSink<Void>> takeWaiters() {
        List<MonoSink<Void>> all = List.copyOf(waiters);
        waiters.clear();
        return all;
    }

    void begin() {
        if (begun.compareAndSet(false, true)) {
            subscription.update(work.apply(this).subscribe(changed -> {}, this::end, () -> end(null)));
        }
    }

    private void end(@Nullable Throwable error) {
        if (ended.compareAndSet(false, true)) {
            onEnd.accept(this, error);
        }
    }

    @Override
    public void dispose() {
        subscription.dispose();
        end(new CancellationException("the stat run was cancelled"));
    }

    @Override
    public boolean isDisposed() {
        return ended.get();
    }
}
