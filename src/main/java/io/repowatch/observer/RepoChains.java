package io.repowatch.observer;

import io.repowatch.engine.ActivityFactory;
import io.repowatch.engine.Scope;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the parts of one repo in turn: of the links of a chain only the first runs, and the next starts when it has quit. The
 * chains themselves live in the {@link Scope}, so a restarted registry activity finds them, and a finished chain leaves
 * nothing behind. Thread-safe. Appended to by the registry's activity only; links are dropped by whichever activity runs.
 */
class RepoChains {
    private final Scope scope;
    private final BiFunction<RepoChains, Link, ActivityFactory<RepoEvent>> activities;
    private final ActivityFactory<RepoEvent> follow;

    /**
     * The moves that a running link knows to be done, and for which nothing was queued: the registry's stream may be behind the
     * repo's, and then the registry's activity appends a link for what is over. Only of repos that have moved, until the link quits.
     */
    private final Map<RepoKey, Set<UUID>> done = new ConcurrentHashMap<>();

    RepoChains(Scope scope, BiFunction<RepoChains, Link, ActivityFactory<RepoEvent>> activities) {
        this.scope = scope;
        this.activities = activities;
        this.follow = activities.apply(this, Link.FOLLOW);
    }

    /** Appends a link. A follow is needed only where nothing follows yet; an acquire that is there already stays the only one. */
    void append(UUID repo, Link link) {
        RepoKey key = new RepoKey(repo);
        if (link instanceof Link.Acquire acquire) {
            scope.startInTurn(key, link, activities.apply(this, link));
            // After the append, as moveDone notes before it drops: whichever comes second finds what the other did.
            if (done.getOrDefault(key, Set.of()).contains(acquire.workflow())) {
                moveDone(key, acquire.workflow());
            }
        } else if (scope.idle(key)) {
            scope.startInTurn(key, link, follow);
        }
    }

    /** The links of a repo, the one that runs first; empty if none does. */
    List<Link> links(UUID repo) {
        return scope.tags(new RepoKey(repo)).stream().map(Link.class::cast).toList();
    }

    /** Drops the link that waits for a move which the running link knows to be done (D3), now or when it is appended. */
    void moveDone(RepoKey key, UUID workflow) {
        Link acquire = new Link.Acquire(workflow);
        done.merge(key, Set.of(workflow), RepoChains::union);
        List<Object> links = scope.tags(key);
        boolean runs = !links.isEmpty() && links.get(0).equals(acquire);
        if (scope.dropQueued(key, acquire) || runs) {
            done.computeIfPresent(key, (repo, moves) -> without(moves, workflow));
        }
    }

    /** The running link quits: the next one reads for itself which moves are done. */
    void quits(RepoKey key) {
        done.remove(key);
    }

    private static Set<UUID> union(Set<UUID> some, Set<UUID> more) {
        Set<UUID> all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }

    private static @Nullable Set<UUID> without(Set<UUID> moves, UUID move) {
        Set<UUID> rest = new HashSet<>(moves);
        rest.remove(move);
        return rest.isEmpty() ? null : Set.copyOf(rest);
    }
}
