package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.journal.Journal;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.StoredEvent;
import reactor.core.publisher.Mono;

/** Brings the state of an aggregate up to the end of its stream. */
final class Replay {
    private Replay() {}

    /** Emits the newest state, starting from the first event. Cold; errors are the journal's, or a body that is not readable. */
    static <S, E> Mono<Snapshot<S>> of(Journal journal, AggregateRef<S, E> ref) {
        return from(journal, ref, Snapshot.initial(ref.aggregate()));
    }

    /** Emits the newest state, starting from one that is known. */
    static <S, E> Mono<Snapshot<S>> from(Journal journal, AggregateRef<S, E> ref, Snapshot<S> base) {
        return journal.read(ref.stream(), base.vid())
                .reduce(base, (snapshot, stored) -> evolved(ref, snapshot, stored));
    }

    private static <S, E> Snapshot<S> evolved(AggregateRef<S, E> ref, Snapshot<S> snapshot, StoredEvent stored) {
        Aggregate<S, E> aggregate = ref.aggregate();
        return new Snapshot<>(stored.id(), aggregate.evolve(snapshot.state(), parsed(aggregate, ref, stored)));
    }

    static <E> E parsed(Aggregate<?, E> aggregate, Object stream, StoredEvent stored) {
        try {
            return aggregate.parse(stored.body());
        } catch (InvalidProtocolBufferException e) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED,
                    "failed to parse protobuf: event " + stored.id() + " of " + stream,
                    e);
        }
    }
}
