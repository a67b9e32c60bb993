package io.repowatch.storage;

import java.io.IOException;

/** Gives what it walks over what it had before a freeze; a directory last, so that nothing new comes in before all is done. */
final class Restoring implements TreeWalk.Visitor {
    private final FreezeRecord record;
    private final FreezeMethod method;
    private final FreezeStep.Listener steps;

    Restoring(FreezeRecord record, FreezeStep.Listener steps) {
        this.record = record;
        this.method = record.method();
        this.steps = steps;
    }

    // A directory is frozen before what is in it, and given back after: where it is not frozen, nothing below was
    // taken, or all is
    // given back. Of one that had been frozen before, the record says whether the freeze came that far.
    @Override
    public boolean enter(TreeWalk.Step directory) throws IOException {
        boolean before = record.before(directory.path()) == method.frozenBits();
        return method.isFrozen(directory.opened().stat()) && (!before || record.isNoted(directory.path()));
    }

    @Override
    public void visit(TreeWalk.Step entry) throws IOException {
        if (entry.stat().isRegular() && mustChange(entry.stat(), entry)) {
            try (Handle file = entry.open()) {
                restore(file, entry);
            }
        }
    }

    @Override
    public void leave(TreeWalk.Step directory) throws IOException {
        restore(directory.opened(), directory);
    }

    // What is not frozen was given back already, and may have been changed by its owner since.
    private boolean mustChange(FileStat stat, TreeWalk.Step step) {
        return method.isFrozen(stat) && record.before(step.path()) != method.frozenBits();
    }

    private void restore(Handle thing, TreeWalk.Step step) throws IOException {
        FileStat now = thing.stat();
        if (!mustChange(now, step)) {
            return;
        }
        try {
            method.set(thing, now, record.before(step.path()));
        } catch (Errno e) {
            throw step.explained(e);
        }
        steps.done(FreezeStep.CHANGED);
    }
}
