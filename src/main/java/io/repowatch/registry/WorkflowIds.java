package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.EntityIds;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StreamId;
import java.util.Arrays;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether the id that a client chose for a new workflow is free (registry specification §1.3). Nothing is remembered: what
 * counts is what is stored, so a request that was refused burns no id, and a restart forgets none.
 */
final class WorkflowIds {
    private final Journal journal;

    WorkflowIds(Journal journal) {
        this.journal = journal;
    }

    /** Whether a stream of another category, or any index of workflows, has this id. Events of {@code own} do not count. */
    Mono<Boolean> usedElsewhere(UUID id, Category own) {
        return Flux.fromStream(Arrays.stream(Category.values()).filter(category -> category != own))
                .map(category -> category.stream(id))
                .concatMap(this::exists)
                .any(exists -> exists);
    }

    private Mono<Boolean> exists(StreamId stream) {
        return journal.tail(stream).map(vid -> !vid.isEpoch());
    }

    /** Refuses an id that no workflow can have. */
    static void requireFormed(UUID id, String registry) {
        if (id.equals(EntityIds.NIL)) {
            throw WireFields.invalid("malformed workflow ID: it is all zero");
        }
        if (EphemeralAggregate.isIndexOf(id, registry)) {
            throw used("");
        }
    }

    /** The refusal of an id that is taken. */
    static RuntimeException used(String prefix) {
        return WireFields.rejected(
                Status.Code.FAILED_PRECONDITION, prefix + "rejected workflow ID: ID has been used before");
    }
}
