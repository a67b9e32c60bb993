package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.LookupReply;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What a kind of workflow answers to the requests that are the same for all kinds. */
interface WorkflowKind {
    /** The code of a workflow that goes on. */
    int RUNNING = 100;

    /**
     * A workflow, by its first event.
     *
     * @param workflow its id
     * @param first the event, which is durable
     */
    record Begun(UUID workflow, WorkflowEvent first) {
        /** The repo it is about; all zero bytes if it is not about one. */
        UUID repo() {
            return WireFields.stored(first.getRepoId());
        }
    }

    /**
     * Ends it before its time, or says why that is too late; answers the version of its last event. A workflow that was
     * aborted before gets the first answer again. Asks the authorizer.
     */
    Mono<Vid> abort(Principal principal, CommandLoops.RegistryLoop target, Begun begun, Abortion abortion);

    /** How far it is; registry and workflow are filled in by the caller. Asks the authorizer. */
    Mono<LookupReply.Builder> lookup(Principal principal, Begun begun);

    /** The status code of a move that ended like this; running if it did not. */
    static int code(MoveState.@Nullable End end) {
        return end == null ? RUNNING : end.code();
    }

    static String message(MoveState.@Nullable End end) {
        return end == null ? "" : end.message();
    }
}
