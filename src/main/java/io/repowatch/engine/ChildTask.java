package io.repowatch.engine;

/** An activity that was started by another one. */
final class ChildTask<E> extends Task<E> {
    private final Kind<E> kind;

    /** What children have in common that were started alike; a parent with a million of them has few kinds. */
    record Kind<E>(Children siblings, Object tag, ActivityFactory<E> factory) {}

    ChildTask(Kind<E> kind, StreamKey<E> key) {
        super(key);
        this.kind = kind;
    }

    Object tag() {
        return kind.tag;
    }

    @Override
    ActivityFactory<E> factory() {
        return kind.factory;
    }

    @Override
    Core core() {
        return kind.siblings.core;
    }

    @Override
    boolean exclusive() {
        // Serial within its scope instead: two activities may follow one workflow.
        return false;
    }

    @Override
    void complete() {
        kind.siblings.ended(this);
    }

    @Override
    void fail(Throwable reason) {
        // A child has no subscriber, and who stops it knows why.
    }

    @Override
    Children heir() {
        return kind.siblings;
    }
}
