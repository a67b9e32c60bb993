package io.repowatch.registry;

import io.repowatch.id.EntityIds;
import io.repowatch.journal.Journal;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An id that a client chose for something new. It must not name anything yet, of whatever kind: who follows a signal with only
 * an id in it, or asks for a workflow by its id, must find one thing. What decides is what is stored, so an id that a refused
 * request named is as good as new (defects W13, W19).
 */
final class ClaimedId {
    /** What existing clients are told. */
    static final String USED = "ID has been used before";

    private ClaimedId() {}

    /** Emits whether the journal has a stream of any kind under this id. */
    static Mono<Boolean> isStored(Journal journal, UUID id) {
        return Flux.fromArray(Category.values())
                .concatMap(category -> journal.tail(category.stream(id)))
                .any(vid -> !vid.isEpoch());
    }

    /** Whether an append that is on its way begins a stream under this id. */
    static boolean isPending(StateCache cache, UUID id) {
        for (Category category : Category.values()) {
            Snapshot<?> snapshot = cache.pending(category.stream(id));
            if (snapshot != null && !snapshot.vid().isEpoch()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the id belongs to a registry's index of workflows, which may still be empty. */
    static boolean isIndex(String registry, UUID id) {
        return id.equals(EntityIds.workflowIndex(registry));
    }
}
