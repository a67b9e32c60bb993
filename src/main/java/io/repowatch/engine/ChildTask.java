package io.repowatch.engine;

import org.jspecify.annotations.Nullable;

/** An activity that was started by another one, and a link of a chain: the head runs, the others are new and wait. */
final class ChildTask<E> extends Task<E> {
    final Object tag;
    private final Children siblings;

    /** The next link; guarded by the siblings. */
    @Nullable
    ChildTask<?> next;

    ChildTask(Children siblings, StreamKey<E> key, Object tag, ActivityFactory<E> factory) {
        super(key, factory);
        this.siblings = siblings;
        this.tag = tag;
    }

    @Override
    Core core() {
        return siblings.core;
    }

    @Override
    boolean exclusive() {
        // Serial within its scope instead: two activities may follow one workflow.
        return false;
    }

    @Override
    void complete() {
        siblings.ended(this);
    }

    @Override
    void fail(Throwable reason) {
        // A child has no subscriber, and who stops it knows why.
    }

    @Override
    Children heir() {
        return siblings;
    }
}
