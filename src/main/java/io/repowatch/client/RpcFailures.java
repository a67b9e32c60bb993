package io.repowatch.client;

import io.grpc.Status;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** What a failed call means. Callers see no gRPC type but as a cause. */
final class RpcFailures {
    /** A registry refuses a position with this text, whatever the code (registry specification, section 2.2). */
    private static final String POSITION_UNKNOWN = "finding start failed: not found";

    /** A registry checks who may read a repo before it looks for events, so it refuses where the stream is merely empty. */
    private static final String STREAM_UNKNOWN = "repos error: uninitialized repo";

    /** The command lost a race against another one and has not been judged; a foreign registry says so by text only. */
    private static final String LOST_RACE = "version conflict";

    /** What gRPC itself answers for a handler that threw. */
    private static final String HANDLER_FAILED = "Application error processing RPC";

    private static final Set<Status.Code> ANSWERS = EnumSet.of(
            Status.Code.UNKNOWN,
            Status.Code.INVALID_ARGUMENT,
            Status.Code.NOT_FOUND,
            Status.Code.ALREADY_EXISTS,
            Status.Code.PERMISSION_DENIED,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.OUT_OF_RANGE,
            Status.Code.UNIMPLEMENTED);

    private RpcFailures() {}

    /** The error of a command: a rejection if the registry judged it, otherwise a failed transport. */
    static Throwable ofCommand(String call, Throwable error) {
        if (error instanceof MalformedDataException) {
            return error;
        }
        Status status = status(error);
        return isRejection(status)
                ? new CommandRejectedException(status.getCode().name(), text(status))
                : transport(call, status, error);
    }

    private static boolean isRejection(Status status) {
        if (!ANSWERS.contains(status.getCode()) || text(status).contains(LOST_RACE)) {
            return false;
        }
        // A registry that speaks through this code has something to say; a broken handler has not.
        return status.getCode() != Status.Code.UNKNOWN
                || !(text(status).isBlank() || text(status).equals(HANDLER_FAILED));
    }

    /** The error of a read after {@code after}. */
    static Throwable ofRead(StreamKey<?> stream, Vid after, Throwable error) {
        if (error instanceof MalformedDataException) {
            return error;
        }
        Status status = status(error);
        return !after.isEpoch() && text(status).contains(POSITION_UNKNOWN)
                ? new PositionUnknownException(stream, after)
                : transport("reading " + stream, status, error);
    }

    /** Whether a read failed only because the registry does not know the stream, which is the same as an empty one. */
    static boolean isUnknownStream(Throwable error) {
        return text(status(error)).contains(STREAM_UNKNOWN);
    }

    /** Whether the server does not have the call. */
    static boolean isUnimplemented(Throwable error) {
        return status(error).getCode() == Status.Code.UNIMPLEMENTED;
    }

    /** The error in a few words. */
    static String describe(Throwable error) {
        Status status = status(error);
        return status.getCode() + (text(status).isBlank() ? "" : ": " + text(status));
    }

    private static TransportException transport(String call, Status status, Throwable error) {
        return new TransportException(status.getCode().name(), call + " failed: " + describe(error), error);
    }

    private static Status status(Throwable error) {
        if (error instanceof TimeoutException) {
            return Status.DEADLINE_EXCEEDED.withDescription(error.getMessage());
        }
        return Status.fromThrowable(error);
    }

    private static String text(Status status) {
        if (status.getDescription() != null) {
            return status.getDescription();
        }
        Throwable cause = status.getCause();
        return cause == null ? "" : cause.toString();
    }
}
