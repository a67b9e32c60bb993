package io.repowatch.registry;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.VersionConflictException;
import io.repowatch.observer.CommandRejectedException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the errors of the registry mean to a client. */
final class RegistryErrors {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryErrors.class);

    private RegistryErrors() {}

    /** The error as gRPC carries it. */
    static Throwable toStatus(Throwable error) {
        if (error instanceof StatusRuntimeException || error instanceof StatusException) {
            return error;
        }
        Rejection rejection = rejection(error);
        if (rejection != null) {
            return Status.fromCode(rejection.code())
                    .withDescription(rejection.text())
                    .withCause(error)
                    .asRuntimeException();
        }
        if (error instanceof TooManyCommandsException) {
            return Status.RESOURCE_EXHAUSTED
                    .withDescription(error.getMessage())
                    .withCause(error)
                    .asRuntimeException();
        }
        if (error instanceof JournalException journal) {
            LOG.warn("the journal did not answer a request: {}", error.toString());
            return status(journal.kind())
                    .withDescription("journal error: " + error.getMessage())
                    .withCause(error)
                    .asRuntimeException();
        }
        LOG.error("a request failed for a reason that is not the client's", error);
        return Status.INTERNAL
                .withDescription("internal error")
                .withCause(error)
                .asRuntimeException();
    }

    private static Status status(JournalException.Kind kind) {
        return switch (kind) {
            case DAMAGED -> Status.DATA_LOSS;
            case FULL -> Status.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
        };
    }

    /** The error as the port of the observer carries it; anything that is not an answer stays as it is. */
    static Throwable toRejection(Throwable error) {
        Rejection rejection = error instanceof CommandRejectedException ? null : rejection(error);
        return rejection == null ? error : WireFields.rejected(rejection.code(), rejection.text());
    }

    private static @Nullable Rejection rejection(Throwable error) {
        if (error instanceof CommandRejectedException no) {
            return new Rejection(Status.Code.valueOf(no.code()), String.valueOf(no.getMessage()));
        }
        if (error instanceof AccessDeniedException) {
            LOG.info("denied: {}", error.getMessage());
            return new Rejection(Status.Code.PERMISSION_DENIED, "default deny");
        }
        if (error instanceof VersionConflictException) {
            return new Rejection(Status.Code.ABORTED, "registry error: " + error.getMessage());
        }
        if (error instanceof RejectedExecutionException) {
            return new Rejection(Status.Code.UNAVAILABLE, "shutdown");
        }
        return null;
    }
}
