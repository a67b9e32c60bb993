package io.repowatch.id;

/**
 * Who makes a request.
 *
 * @param name the subject, such as {@code sys:observer}; for logs and decisions, never parsed
 */
public record Principal(String name) {

    /** A caller that did not say who it is. */
    public static final Principal ANONYMOUS = new Principal("anonymous");
}
