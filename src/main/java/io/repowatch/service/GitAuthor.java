package io.repowatch.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The person that git knows on this machine. */
final class GitAuthor {
    /** Who it is where git knows nobody. */
    static final Author NOBODY = new Author("repowatch", "repowatch@localhost");

    private GitAuthor() {}

    /** Reads git's {@code user.name} and {@code user.email}; {@link #NOBODY} if one is missing or git is not there. */
    static Author read() {
        String name = config("user.name");
        String email = config("user.email");
        if (name.isEmpty() || email.isEmpty()) {
            return NOBODY;
        }
        try {
            return Author.parse(name + " <" + email + ">");
        } catch (IllegalArgumentException e) {
            return NOBODY;
        }
    }

    private static String config(String key) {
        try {
            Process git = new ProcessBuilder("git", "config", "--get", key)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            git.getOutputStream().close();
            String value = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0 ? value : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
