package io.repowatch.registry;

import io.grpc.Status;
import java.util.List;

/**
 * The answer of an aggregate to a command.
 *
 * @param <E> the type of the events
 */
sealed interface Decision<E> {

    /** What is to be stored, in this order, still without ids and parents; empty if the state is as wanted already. */
    record Accepted<E>(List<E> events) implements Decision<E> {}

    /** Nothing is to be stored. */
    record Rejected<E>(Rejection rejection) implements Decision<E> {}

    static <E> Decision<E> event(E event) {
        return new Accepted<>(List.of(event));
    }

    /** Two events, of which the second is never without the first. */
    static <E> Decision<E> events(E first, E second) {
        return new Accepted<>(List.of(first, second));
    }

    static <E> Decision<E> nothing() {
        return new Accepted<>(List.of());
    }

    static <E> Decision<E> rejected(Rejection rejection) {
        return new Rejected<>(rejection);
    }

    static <E> Decision<E> notFound(String text) {
        return rejected(new Rejection(Status.Code.NOT_FOUND, text));
    }

    static <E> Decision<E> alreadyExists(String text) {
        return rejected(new Rejection(Status.Code.ALREADY_EXISTS, text));
    }

    static <E> Decision<E> failedPrecondition(String text) {
        return rejected(new Rejection(Status.Code.FAILED_PRECONDITION, text));
    }

    static <E> Decision<E> invalid(String text) {
        return rejected(new Rejection(Status.Code.INVALID_ARGUMENT, text));
    }
}
