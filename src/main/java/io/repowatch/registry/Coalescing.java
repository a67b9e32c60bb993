package io.repowatch.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Hands on whatever is there in one list whenever the subscriber is ready. Asks the source for a small number at a time, so a
 * slow subscriber makes the source wait and costs a bounded amount of memory; nothing is dropped.
 */
final class Coalescing<T> extends BaseSubscriber<T> {
    private final FluxSink<List<T>> sink;
    private final int limit;
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();

    private Coalescing(FluxSink<List<T>> sink, int limit) {
        this.sink = sink;
        this.limit = limit;
    }

    /** Lists of at most {@code limit} values, never empty. Errors and completion of the source are passed on at once. */
    static <T> Flux<List<T>> of(Flux<T> source, int limit) {
        return Flux.create(
                sink -> {
                    Coalescing<T> subscriber = new Coalescing<>(sink, limit);
                    sink.onRequest(more -> subscriber.drain());
                    sink.onDispose(subscriber);
                    source.subscribe(subscriber);
                },
                FluxSink.OverflowStrategy.ERROR);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        subscription.request(limit);
    }

    @Override
    protected void hookOnNext(T value) {
        waiting.add(value);
        drain();
    }

    @Override
    protected void hookOnError(Throwable error) {
        sink.error(error);
    }

    @Override
    protected void hookOnComplete() {
        sink.complete();
    }

    private void drain() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            while (sink.requestedFromDownstream() > 0 && emit()) {
                // A subscriber may have asked for more meanwhile.
            }
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private boolean emit() {
        List<T> values = new ArrayList<>();
        for (T value = waiting.poll(); value != null; value = waiting.poll()) {
            values.add(value);
        }
        if (values.isEmpty()) {
            return false;
        }
        sink.next(values);
        request(values.size());
        return true;
    }
}
