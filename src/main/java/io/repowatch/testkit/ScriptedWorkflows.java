package io.repowatch.testkit;

import io.repowatch.observer.RepoState;
import io.repowatch.observer.WorkflowActivities;
import io.repowatch.testkit.Call.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Workflow parts that do nothing and end when the script says so. A part that is started again after its end ends at once,
 * as a real one does when it reads that nothing is left to do. Thread-safe.
 */
public final class ScriptedWorkflows implements WorkflowActivities {
    private record Part(Kind kind, UUID workflow) {}

    private final PortLog log;
    private final Map<Part, Sinks.Empty<Void>> ends = new HashMap<>();

    ScriptedWorkflows(PortLog log) {
        this.log = log;
    }

    /** The release part of {@code workflow} is over. */
    public void endRelease(UUID workflow) {
        end(Kind.RELEASE, workflow);
    }

    /** The acquire part of {@code workflow} is over. */
    public void endAcquire(UUID workflow) {
        end(Kind.ACQUIRE, workflow);
    }

    /** The move-shadow part of {@code workflow} is over. */
    public void endMoveShadow(UUID workflow) {
        end(Kind.MOVE_SHADOW, workflow);
    }

    private void end(Kind kind, UUID workflow) {
        Sinks.EmitResult result = endOf(kind, workflow).tryEmitEmpty();
        if (result.isFailure() && result != Sinks.EmitResult.FAIL_TERMINATED) {
            throw new Sinks.EmissionException(result);
        }
    }

    private synchronized Sinks.Empty<Void> endOf(Kind kind, UUID workflow) {
        return ends.computeIfAbsent(new Part(kind, workflow), part -> Sinks.empty());
    }

    @Override
    public Mono<Void> release(RepoState repo, UUID workflow) {
        return part(Kind.RELEASE, repo, workflow);
    }

    @Override
    public Mono<Void> acquire(RepoState repo, UUID workflow) {
        return part(Kind.ACQUIRE, repo, workflow);
    }

    @Override
    public Mono<Void> moveShadow(RepoState repo, UUID workflow) {
        return part(Kind.MOVE_SHADOW, repo, workflow);
    }

    private Mono<Void> part(Kind kind, RepoState repo, UUID workflow) {
        return log.record(kind, repo.id(), () -> endOf(kind, workflow).asMono());
    }
}
