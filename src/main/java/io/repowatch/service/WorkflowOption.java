package io.repowatch.service;

import io.grpc.StatusRuntimeException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The id of the workflow that a command begins. */
final class WorkflowOption {
    @Option(
            names = "--workflow",
            paramLabel = "U",
            converter = WireText.WorkflowConverter.class,
            description =
                    "The id the workflow shall have; default a new one. With one, repeating the command is safe: it"
                            + " finds the workflow that it began before.")
    @Nullable
    UUID workflow;

    /** The given id or a new one; the same at every call. */
    UUID id() {
        UUID id = workflow;
        if (id == null) {
            id = UUID.randomUUID();
            workflow = id;
        }
        return id;
    }

    /** What a person does whose command has lost the answer. */
    String again() {
        return "repeat the command with --workflow " + id();
    }

    /** What is thrown where a workflow of a repo could not be begun: what to do about it. */
    RuntimeException notBegun(UUID repo, StatusRuntimeException e) {
        if (ClientOptions.says(e, "workflow conflict")) {
            return Failure.refused(
                    words(e) + ": something else is done to repo " + repo + "; 'repowatch why " + repo + "' says what",
                    e);
        }
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED ->
                Failure.refused(
                        "no answer (" + words(e) + "); whether the workflow has begun is not known; " + again(), e);
            default -> e;
        };
    }

    /** What is thrown where the connection broke while waiting for the end. */
    RuntimeException brokenOff(StatusRuntimeException e) {
        return Failure.unfinished(
                "waiting was broken off (" + words(e) + "); the workflow goes on, and to wait again, " + again());
    }

    private static String words(StatusRuntimeException e) {
        String description = e.getStatus().getDescription();
        return description == null ? e.getStatus().getCode().toString() : description;
    }
}
