package io.repowatch.registry;

import io.repowatch.id.EntityIds;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.v1.MainEvent;
import java.util.UUID;

/**
 * Names one aggregate and says what it is.
 *
 * @param aggregate what kind it is
 * @param entity which one
 * @param <S> its state
 * @param <E> its events
 */
record AggregateRef<S, E>(Aggregate<S, E> aggregate, UUID entity) {

    static AggregateRef<MainState, MainEvent> main() {
        return new AggregateRef<>(MainAggregate.INSTANCE, EntityIds.main());
    }

    static AggregateRef<RegistryState, RegistryEvent> registry(String name) {
        return new AggregateRef<>(RegistryAggregate.INSTANCE, EntityIds.registry(name));
    }

    static AggregateRef<RepoState, RepoEvent> repo(UUID id) {
        return new AggregateRef<>(RepoAggregate.INSTANCE, id);
    }

    StreamId stream() {
        return aggregate.category().stream(entity);
    }
}
