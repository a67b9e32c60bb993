package io.repowatch.observer;

import io.repowatch.engine.ActivityFactory;
import io.repowatch.engine.Scope;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Keeps the parts of one repo in turn: of the links of a chain only the first runs, and the next starts when it has quit. The
 * chains themselves live in the {@link Scope}, so a restarted registry activity finds them, and a finished chain leaves
 * nothing behind. Appended to by the registry's activity only; links are dropped by whichever activity runs.
 */
class RepoChains {
    private final Scope scope;
    private final BiFunction<RepoChains, Link, ActivityFactory<RepoEvent>> activities;
    private final ActivityFactory<RepoEvent> follow;

    RepoChains(Scope scope, BiFunction<RepoChains, Link, ActivityFactory<RepoEvent>> activities) {
        this.scope = scope;
        this.activities = activities;
        this.follow = activities.apply(this, Link.FOLLOW);
    }

    /** Appends a link. A follow is needed only where nothing follows yet; an acquire that is there already stays the only one. */
    void append(UUID repo, Link link) {
        RepoKey key = new RepoKey(repo);
        if (link instanceof Link.Acquire) {
            scope.startInTurn(key, link, activities.apply(this, link));
        } else if (scope.idle(key)) {
            scope.startInTurn(key, link, follow);
        }
    }

    /** The links of a repo, the one that runs first; empty if none does. */
    List<Link> links(UUID repo) {
        return scope.tags(new RepoKey(repo)).stream().map(Link.class::cast).toList();
    }

    /** Drops the link that waits for a move which the running link knows to be done (D3). */
    void moveDone(RepoKey key, UUID workflow) {
        scope.dropQueued(key, new Link.Acquire(workflow));
    }
}
