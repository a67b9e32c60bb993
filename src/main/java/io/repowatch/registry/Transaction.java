package io.repowatch.registry;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request to change something: decided as a whole on the newest states, stored as one append. May be run again when what
 * it was decided on turned out not to last, so it has no effect but through the unit of work.
 *
 * @param <R> the reply
 */
@FunctionalInterface
interface Transaction<R> {

    /** The aggregates whose states are needed besides that of the loop. */
    default List<AggregateRef<?, ?>> needs() {
        return List.of();
    }

    /**
     * An id that the transaction may give to something new; null if there is none. Whether it names something already is
     * found out before it is run: {@link UnitOfWork#isClaimUsed}.
     */
    default @Nullable UUID claims() {
        return null;
    }

    /**
     * Decides.
     *
     * @throws io.repowatch.observer.CommandRejectedException if the answer is no
     * @throws io.repowatch.id.AccessDeniedException if the caller may not
     */
    R run(UnitOfWork work);

    /** This transaction with one aggregate to be loaded before it. */
    static <R> Transaction<R> needing(AggregateRef<?, ?> ref, Transaction<R> body) {
        return needing(List.of(ref), body);
    }

    /** This transaction with aggregates to be loaded before it. */
    static <R> Transaction<R> needing(List<AggregateRef<?, ?>> refs, Transaction<R> body) {
        return claiming(null, refs, body);
    }

    /** This transaction with an id that it claims, and aggregates to be loaded before it. */
    static <R> Transaction<R> claiming(@Nullable UUID id, List<AggregateRef<?, ?>> refs, Transaction<R> body) {
        return new Transaction<>() {
            @Override
            public @Nullable UUID claims() {
                return id;
            }

            @Override
            public List<AggregateRef<?, ?>> needs() {
                return refs;
            }

            @Override
            public R run(UnitOfWork work) {
                return body.run(work);
            }
        };
    }
}
