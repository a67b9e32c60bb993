package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * The state of a freeze-repo or unfreeze-repo workflow (registry specification §3.6). Immutable.
 *
 * @param change which of the two it is
 * @param start the event it began with
 * @param phase how far it is
 * @param code the status of the last phase that has one, 0 for success
 * @param message the message to it
 * @param begun the version after its beginning: its files may be worked on
 */
record FreezeState(StorageChange change, WorkflowEvent start, Phase phase, int code, String message, Vid begun)
        implements EphemeralState {

    /** How far a workflow is. */
    enum Phase {
        INITIALIZED,
        FILES,
        FILES_COMPLETED,
        FILES_FAILED,
        COMPLETED,
        FAILED,
        TERMINATED;

        /** Whether registry and repo know the outcome. */
        boolean ended() {
            return this == COMPLETED || this == FAILED || this == TERMINATED;
        }
    }

    static FreezeState started(StorageChange change, WorkflowEvent event) {
        return new FreezeState(change, event, Phase.INITIALIZED, 0, "", WireFields.storedVid(event.getId()));
    }

    FreezeState evolved(WorkflowEvent event) {
        WorkflowEvent.Type type = event.getEvent();
        boolean ok = event.getStatusCode() == 0;
        if (type == change.filesStarted()) {
            return new FreezeState(change, start, Phase.FILES, 0, "", WireFields.storedVid(event.getId()));
        } else if (type == change.filesCompleted()) {
            return concluded(ok ? Phase.FILES_COMPLETED : Phase.FILES_FAILED, event);
        } else if (type == change.completed()) {
            return concluded(ok ? Phase.COMPLETED : Phase.FAILED, event);
        } else if (type == change.committed()) {
            return new FreezeState(change, start, Phase.TERMINATED, code, message, begun);
        }
        return this;
    }

    private FreezeState concluded(Phase next, WorkflowEvent event) {
        return new FreezeState(change, start, next, event.getStatusCode(), event.getStatusMessage(), begun);
    }

    String registry() {
        return start.getFsoRegistryName();
    }

    UUID repo() {
        return WireFields.stored(start.getRepoId());
    }

    String path() {
        return start.getFsoRepoInitInfo().getGlobalPath();
    }

    /** Whether it has ended, with success or a failure as asked. */
    boolean hasEnded(boolean ok) {
        return phase.ended() && ok == (code == 0);
    }
}
