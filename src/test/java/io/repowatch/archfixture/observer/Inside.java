package io.repowatch.archfixture.observer;

/** A part of the observer that is no port. */
public final class Inside {
    /** Something to know. */
    public static final Object THING = new Object();

    private Inside() {}
}
