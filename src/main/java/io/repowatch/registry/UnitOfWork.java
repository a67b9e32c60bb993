package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.observer.CommandRejectedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction reads and writes: states as they are with all events decided so far, and the events that it adds, in
 * causal order. Used by one thread.
 */
class UnitOfWork {
    /** Existing clients take messages up to 4 MiB; a larger event would make its stream unreadable for ever. */
    private static final int MAX_EVENT_BYTES = 1 << 20;

    private final Function<StreamId, @Nullable Snapshot<?>> loaded;
    private final Identities identities;
    private final boolean claimUsed;
    private final Map<StreamId, Snapshot<?>> changed = new HashMap<>();
    private final List<Append> appends = new ArrayList<>();

    UnitOfWork(Function<StreamId, @Nullable Snapshot<?>> loaded, Identities identities, boolean claimUsed) {
        this.loaded = loaded;
        this.identities = identities;
        this.claimUsed = claimUsed;
    }

    /** Whether the id that the transaction claims names something already. */
    boolean isClaimUsed() {
        return claimUsed;
    }

    <S> S state(AggregateRef<S, ?> ref) {
        return snapshot(ref).state();
    }

    Vid vid(AggregateRef<?, ?> ref) {
        return snapshot(ref).vid();
    }

    /** Says that the stream has no events, without a look at it: the append fails if it has. */
    void assumeEmpty(AggregateRef<?, ?> ref) {
        changed.put(ref.stream(), Snapshot.initial(ref.aggregate()));
    }

    /** Rejects the transaction if the caller expects a version and the stream has another. */
    void expect(AggregateRef<?, ?> ref, @Nullable Vid expected) {
        Vid stored = vid(ref);
        if (expected != null && !expected.equals(stored)) {
            throw new CommandRejectedException(
                    Status.Code.ABORTED.name(),
                    ref.aggregate().errorPrefix() + "version conflict: stored VID " + stored + " != expected VID "
                            + expected);
        }
    }

    /**
     * Lets the aggregate decide and adds the events. Answers the version of the stream after it, which is the one before
     * where there was nothing to do.
     */
    <S, E> Vid perform(AggregateRef<S, E> ref, Command<S, E> command) {
        return perform(ref, command, ref.aggregate().errorPrefix());
    }

    /** As above, where clients know the refusals of the request with another prefix than the aggregate's. */
    <S, E> Vid perform(AggregateRef<S, E> ref, Command<S, E> command, String errorPrefix) {
        Snapshot<S> snapshot = snapshot(ref);
        Decision<E> decision = decide(command, snapshot.state());
        if (decision instanceof Decision.Rejected<E> no) {
            throw rejected(errorPrefix, no.rejection());
        }
        List<E> events = ((Decision.Accepted<E>) decision).events();
        if (events.isEmpty()) {
            return snapshot.vid();
        }
        Vid before = snapshot.vid();
        List<StoredEvent> stored = new ArrayList<>(events.size());
        for (E event : events) {
            Vid id = identities.vid();
            E identified = ref.aggregate().identified(event, id, snapshot.vid());
            byte[] bytes = ref.aggregate().bytes(identified);
            if (bytes.length > MAX_EVENT_BYTES) {
                throw WireFields.invalid("the request is too large: its event would have " + bytes.length
                        + " bytes, more than " + MAX_EVENT_BYTES);
            }
            stored.add(new StoredEvent(id, bytes));
            snapshot = new Snapshot<>(id, ref.aggregate().evolve(snapshot.state(), identified));
        }
        appends.add(new Append(ref.stream(), before, stored));
        changed.put(ref.stream(), snapshot);
        return snapshot.vid();
    }

    /** What an aggregate makes of a command. */
    <S, E> Decision<E> decide(Command<S, E> command, S state) {
        return command.decide(state);
    }

    static CommandRejectedException rejected(Aggregate<?, ?> aggregate, Rejection rejection) {
        return rejected(aggregate.errorPrefix(), rejection);
    }

    private static CommandRejectedException rejected(String prefix, Rejection rejection) {
        return new CommandRejectedException(rejection.code().name(), prefix + rejection.text());
    }

    /** The aggregate of a reference fixes the type of the state that is kept under its stream. */
    @SuppressWarnings("unchecked")
    private <S> Snapshot<S> snapshot(AggregateRef<S, ?> ref) {
        Snapshot<?> snapshot = changed.get(ref.stream());
        if (snapshot == null) {
            snapshot = loaded.apply(ref.stream());
        }
        if (snapshot == null) {
            throw new IllegalStateException("the transaction did not say that it needs " + ref.stream());
        }
        return (Snapshot<S>) snapshot;
    }

    /** What is to be stored, in causal order; empty if nothing. */
    List<Append> appends() {
        return appends;
    }

    /** The states after it. */
    Map<StreamId, Snapshot<?>> changed() {
        return changed;
    }
}
