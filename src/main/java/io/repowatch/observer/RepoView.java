package io.repowatch.observer;

/**
 * What the rules look at.
 *
 * @param repo the folded history
 * @param link what this link of the chain is for; an acquire turns into a follow once its move is done
 * @param enableOwed whether the last attempt to enable the repo ended in a stored error
 * @param enabled whether the processor has the repo
 */
record RepoView(RepoState repo, Link link, boolean enableOwed, boolean enabled) {

    RepoView withEnableOwed(boolean owed) {
        return owed == enableOwed ? this : new RepoView(repo, link, owed, enabled);
    }

    RepoView withEnabled(boolean now) {
        return now == enabled ? this : new RepoView(repo, link, enableOwed, now);
    }

    /** Whether a move is expected to bring the repo here that is not done yet. */
    boolean acquireExpected() {
        return link instanceof Link.Acquire;
    }
}
