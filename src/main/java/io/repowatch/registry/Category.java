package io.repowatch.registry;

import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.AggregateSignal.AggregateType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The kinds of streams in the journal. The numbers are stored, and are those of the wire's aggregate types. */
enum Category {
    MAIN(AggregateType.AT_MAIN),
    REGISTRY(AggregateType.AT_REGISTRY),
    REPO(AggregateType.AT_REPO),
    /** Durable workflows of repos: move, move-shadow. */
    WORKFLOW(AggregateType.AT_WORKFLOW),
    /** Workflows of registries and the indexes of them. */
    EPHEMERAL_WORKFLOW(AggregateType.AT_EPHEMERAL_WORKFLOW);

    private static final Category[] ALL = values();

    private final AggregateType type;

    Category(AggregateType type) {
        this.type = type;
    }

    /** The type as signals name it. */
    AggregateType type() {
        return type;
    }

    /** The stream of one entity. */
    StreamId stream(UUID entity) {
        return new StreamId((byte) type.getNumber(), entity);
    }

    /** The category of a stream; null for one that something else keeps in the same journal. */
    static @Nullable Category of(StreamId stream) {
        int index = stream.category() - 1;
        return index >= 0 && index < ALL.length ? ALL[index] : null;
    }
}
