package io.repowatch.registry;

import io.grpc.Status;

/** Short words for why a command is refused. */
final class Refusals {
    private Refusals() {}

    /** Not in this state; perhaps later. */
    static Rejection precondition(String text) {
        return new Rejection(Status.Code.FAILED_PRECONDITION, text);
    }

    /** Never, whatever the state. */
    static Rejection invalid(String text) {
        return new Rejection(Status.Code.INVALID_ARGUMENT, text);
    }

    static Rejection notFound(String text) {
        return new Rejection(Status.Code.NOT_FOUND, text);
    }

    static Rejection alreadyExists(String text) {
        return new Rejection(Status.Code.ALREADY_EXISTS, text);
    }
}
