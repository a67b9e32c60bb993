package io.repowatch.storage;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import java.util.concurrent.CancellationException;

/** The gRPC status that says what failed; the text is kept. */
final class StatusMapping {
    private StatusMapping() {}

    static Throwable toStatus(Throwable error) {
        if (error instanceof StatusException || error instanceof StatusRuntimeException) {
            return error;
        }
        return code(error)
                .toStatus()
                .withDescription(error.getMessage())
                .withCause(error)
                .asRuntimeException();
    }

    private static Status.Code code(Throwable error) {
        if (error instanceof RepoNotEnabledException) {
            return Status.Code.NOT_FOUND;
        }
        if (error instanceof AccessDeniedException) {
            return Status.Code.PERMISSION_DENIED;
        }
        if (error instanceof BusyException) {
            return Status.Code.RESOURCE_EXHAUSTED;
        }
        // Somebody must do something about the directory or the shadow first.
        if (error instanceof StrongError) {
            return Status.Code.FAILED_PRECONDITION;
        }
        if (error instanceof WeakError) {
            // Worth another try; not UNAVAILABLE, which clients take for a server that does not answer.
            return Status.Code.ABORTED;
        }
        return error instanceof CancellationException ? Status.Code.CANCELLED : Status.Code.INTERNAL;
    }
}
