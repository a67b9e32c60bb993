package io.repowatch.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** A command cannot go on: what the person at the terminal reads, and the exit code. */
final class Failure extends RuntimeException {
    /** The exit code of a command that was carried out, but what it asked about or waited for is not done yet. */
    static final int SOMETHING_LEFT = 3;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private Failure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The server refused it, or what was asked for is not there. */
    static Failure refused(String message) {
        return new Failure(ExitCode.SOFTWARE, message, null);
    }

    /** As above, with what it comes from. */
    static Failure refused(String message, Throwable cause) {
        return new Failure(ExitCode.SOFTWARE, message, cause);
    }

    /** The command was called the wrong way. */
    static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, message, null);
    }

    /** What was waited for is not over, and goes on without this command. */
    static Failure unfinished(String message) {
        return new Failure(SOMETHING_LEFT, message, null);
    }

    int exitCode() {
        return exitCode;
    }
}
