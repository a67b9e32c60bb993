package io.repowatch.observer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One part of a workflow from its start to its end. Outlives the instances of its activity, so that what this process has done
 * is not forgotten when the history has to be read again. The state belongs to the activity; the rest is guarded by the object.
 */
final class PartRun<S> {

    /** What is run: at most one of each at a time. */
    record Id(WorkflowKey key, WorkflowPart part) {}

    final Id id;
    final WorkflowRules<S> rules;
    S state;

    /** Until when the repo is waited for; null if it is not. */
    @Nullable
    Instant enabledUntil;

    private final Sinks.One<PartEnd> end = Sinks.one();
    private @Nullable UUID repo;
    private String rule = "";
    private String why = "its history is being read";
    private Instant since;
    private @Nullable Instant nextRetry;
    private @Nullable String lastError;

    PartRun(Id id, WorkflowRules<S> rules, Instant now) {
        this.id = id;
        this.rules = rules;
        this.state = rules.initial();
        this.repo = rules.repo(state);
        this.since = now;
    }

    /** A new instance of the activity begins. */
    void replayed() {
        state = rules.replayed(state);
    }

    synchronized void doing(WorkflowAction action, Instant now) {
        if (!action.why().equals(why)) {
            since = now;
        }
        rule = action.rule();
        why = action.why();
        repo = rules.repo(state);
        nextRetry = null;
    }

    synchronized void retryAt(Instant at, String error) {
        nextRetry = at;
        lastError = error;
    }

    synchronized void recovered() {
        nextRetry = null;
        lastError = null;
    }

    synchronized WorkflowStatus status(String progress) {
        String told = progress.isEmpty() ? why : why + ": " + progress;
        return new WorkflowStatus(id.key().workflow(), id.part(), repo, rule, told, since, nextRetry, lastError);
    }

    synchronized @Nullable UUID repo() {
        return repo;
    }

    /** How it ended; emits at once if it has. */
    Mono<PartEnd> end() {
        return end.asMono();
    }

    /** Tells whoever waits; a repetition does nothing. */
    void ended(PartEnd how) {
        Sinks.EmitResult result = end.tryEmitValue(how);
        if (result.isFailure() && result != Sinks.EmitResult.FAIL_TERMINATED) {
            throw new Sinks.EmissionException(result);
        }
    }
}
