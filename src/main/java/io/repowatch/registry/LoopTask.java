package io.repowatch.registry;

import io.repowatch.journal.StreamId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.MonoSink;

/**
 * One transaction on its way through a command loop, to which it is confined.
 *
 * @param <R> the reply
 */
final class LoopTask<R> {
    private final Transaction<R> transaction;
    private final MonoSink<R> sink;
    private volatile boolean cancelled;

    /** What is going on for it outside of the loop; an append is never called back, so nobody disposes of it. */
    @Nullable
    Disposable subscription;

    /** How often it was overtaken. */
    int attempts;

    /** Whether the id it claims names something; null before that was looked up, and again once it was decided. */
    @Nullable
    Boolean claimUsed;

    private @Nullable R reply;
    private @Nullable Throwable refusal;
    private @Nullable Throwable failure;
    private Map<StreamId, Snapshot<?>> changed = Map.of();
    private boolean arrived;

    LoopTask(Transaction<R> transaction, MonoSink<R> sink) {
        this.transaction = transaction;
        this.sink = sink;
        sink.onCancel(() -> cancelled = true);
    }

    boolean cancelled() {
        return cancelled;
    }

    List<AggregateRef<?, ?>> needs() {
        return transaction.needs();
    }

    @Nullable
    UUID claims() {
        return transaction.claims();
    }

    void decide(UnitOfWork unit) {
        arrived = false;
        failure = null;
        refusal = null;
        changed = Map.of();
        try {
            reply = transaction.run(unit);
        } catch (Throwable e) {
            // Also an Error is this transaction's alone: were it to escape, the loop would never turn again.
            refusal = e;
        }
    }

    boolean refused() {
        return refusal != null;
    }

    void arrivedWithoutAppend() {
        arrived = true;
    }

    void arrived(Map<StreamId, Snapshot<?>> states, @Nullable Throwable error) {
        changed = states;
        failure = error;
        arrived = true;
    }

    boolean arrived() {
        return arrived;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    Map<StreamId, Snapshot<?>> changed() {
        return changed;
    }

    void answer() {
        if (refusal != null) {
            sink.error(refusal);
        } else {
            sink.success(reply);
        }
    }

    void fail(Throwable error) {
        sink.error(error);
    }
}
