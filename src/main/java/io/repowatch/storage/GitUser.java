package io.repowatch.storage;

/**
 * Who a commit is from.
 *
 * @param name the person's name; must not be blank
 * @param email the mail address; may be empty
 */
public record GitUser(String name, String email) {

    /**
     * Takes any text: what a commit cannot hold (angle brackets, line ends) is dropped when the commit is written.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public GitUser {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank, but is \"" + name + "\"");
        }
    }

    /** {@code name <email>}, or {@code fallback} where a name is missing; a lone mail address serves as the name too. */
    static GitUser of(String name, String email, GitUser fallback) {
        if (!name.isBlank()) {
            return new GitUser(name, email);
        }
        return email.isBlank() ? fallback : new GitUser(email, email);
    }
}
