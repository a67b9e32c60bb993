package io.repowatch.archfixture.observer;

/** Anyone can extend it. */
public class Open {
    /** Made for extension. */
    public abstract static class Frame {}

    /** Exceptions may form families. */
    public static class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Closed by its kind. */
    public record Value(int number) {}

    static class Hidden {}
}
