package io.repowatch.testkit;

import io.repowatch.engine.Event;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.nogfso.WorkflowEvent.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides the commands of workflows as a registry decides them (registry specification §3.4-3.8). Each answer is what to append,
 * empty for nothing; in an atomic registry with all that follows of it, otherwise without.
 */
final class WorkflowDesk {
    private final boolean atomic;

    WorkflowDesk(boolean atomic) {
        this.atomic = atomic;
    }

    List<Change<?>> released(WorkflowKey key, List<Event<?>> history) {
        return posted(
                key,
                history,
                Type.EV_FSO_REPO_MOVE_STARTED,
                Type.EV_FSO_REPO_MOVE_STA_RELEASED,
                Type.EV_FSO_REPO_MOVED);
    }

    List<Change<?>> disabled(WorkflowKey key, List<Event<?>> history) {
        return posted(
                key,
                history,
                Type.EV_FSO_SHADOW_REPO_MOVE_STARTED,
                Type.EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED,
                Type.EV_FSO_SHADOW_REPO_MOVED);
    }

    private static List<Change<?>> posted(
            WorkflowKey key, List<Event<?>> history, Type started, Type posted, Type moved) {
        require(find(history, started) != null, "workflow uninitialized");
        require(find(history, moved) == null, "workflow move completed");
        return find(history, posted) != null ? List.of() : List.of(new Change<>(key, Events.workflow(posted)));
    }

    List<Change<?>> commitMove(WorkflowKey key, List<Event<?>> history, UUID repo, String registry, String shadow) {
        WorkflowEvent started = find(history, Type.EV_FSO_REPO_MOVE_STARTED);
        if (started == null) {
            throw rejected("workflow uninitialized");
        }
        require(find(history, Type.EV_FSO_REPO_MOVE_COMMITTED) == null, "workflow terminated");
        if (find(history, Type.EV_FSO_REPO_MOVED) != null) {
            return List.of();
        }
        require(
                find(history, Type.EV_FSO_REPO_MOVE_STA_RELEASED) != null
                        && find(history, Type.EV_FSO_REPO_MOVE_APP_ACCEPTED) != null,
                "the repo was not let go yet");
        FsoRepoInitInfo place = started.getNewFsoRepoInitInfo();
        List<Change<?>> changes = new ArrayList<>();
        changes.add(new Change<>(key, Events.workflowMoved(repo, place, shadow)));
        if (atomic) {
            changes.add(new Change<>(new RepoKey(repo), Events.moved(key.workflow(), place, shadow)));
            changes.add(new Change<>(
                    new RegistryKey(registry), Events.registryMoved(repo, key.workflow(), place.getGlobalPath())));
            changes.add(new Change<>(key, Events.workflow(Type.EV_FSO_REPO_MOVE_COMMITTED)));
        }
        return changes;
    }

    List<Change<?>> endFiles(ScriptedFreeze freeze, List<Event<?>> history, int code, String message) {
        Change<WorkflowEvent> ended = freeze.filesCompleted(code, message);
        WorkflowEvent before = find(history, ended.body().getEvent());
        if (before != null) {
            require(before.getStatusCode() == code, "workflow state conflict");
            return List.of();
        }
        require(find(history, freeze.filesStarted().body().getEvent()) != null, "workflow state conflict");
        require(find(history, freeze.completed(0).body().getEvent()) == null, "workflow state conflict");
        List<Change<?>> changes = new ArrayList<>();
        changes.add(ended);
        if (atomic) {
            changes.addAll(List.of(freeze.end(code)));
        }
        return changes;
    }

    List<Change<?>> ping(WorkflowKey key, List<Event<?>> history, int code, String message) {
        require(find(history, Type.EV_FSO_PING_REGISTRY_STARTED) != null, "workflow uninitialized");
        require(find(history, Type.EV_FSO_SERVER_PINGS_GATHERED) == null, "the answers are counted");
        return List.of(new Change<>(key, Events.workflowStatus(Type.EV_FSO_SERVER_PINGED, code, message)));
    }

    static @Nullable WorkflowEvent find(List<Event<?>> history, Type type) {
        for (Event<?> event : history) {
            WorkflowEvent body = (WorkflowEvent) event.body();
            if (body.getEvent() == type) {
                return body;
            }
        }
        return null;
    }

    private static void require(boolean fine, String text) {
        if (!fine) {
            throw rejected(text);
        }
    }

    static CommandRejectedException rejected(String text) {
        return new CommandRejectedException("FAILED_PRECONDITION", text);
    }
}
