package io.repowatch.observer;

import io.repowatch.engine.Activity;
import io.repowatch.engine.Event;
import io.repowatch.engine.Scope;
import io.repowatch.engine.Step;
import io.repowatch.observer.IndexRules.Entry;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Follows the index of a registry's workflows and starts an activity for each that concerns us. Only starts: whatever a
 * workflow does, the index goes on (D33). Which ones run is known outside, so a restart from the epoch starts none twice.
 */
final class IndexActivity implements Activity<WorkflowEvent> {
    private final IndexKey key;
    private final IndexRules rules;
    private final Scope scope;
    private final WorkflowParts parts;
    private final Set<Entry> started = new HashSet<>(0);
    private @Nullable ActiveWorkflows loading = new ActiveWorkflows();
    private final List<Observation> malformed = new ArrayList<>(0);

    IndexActivity(IndexKey key, IndexRules rules, Scope scope, WorkflowParts parts) {
        this.key = key;
        this.rules = rules;
        this.scope = scope;
        this.parts = parts;
    }

    @Override
    public void replay(Event<WorkflowEvent> event) {
        note(event);
        if (loading != null) {
            rules.fold(loading, event.body());
        }
    }

    private void note(Event<WorkflowEvent> event) {
        String defect = IndexRules.defect(event.body());
        if (defect != null) {
            malformed.add(new Observation.Malformed(
                    key.entity(), event.id(), event.body().getEvent() + ": " + defect));
        }
    }

    @Override
    public Mono<Step> quiesced() {
        report();
        startLoaded();
        return Step.next();
    }

    /** Starts what is active and has not been started; while a snapshot is not whole, more may come. */
    private void startLoaded() {
        if (loading == null) {
            return;
        }
        loading.inOrder().stream().filter(started::add).forEach(this::start);
        if (loading.isWhole()) {
            loading = null;
            started.clear();
        }
    }

    @Override
    public Mono<Step> live(Event<WorkflowEvent> event) {
        note(event);
        report();
        if (loading != null) {
            rules.fold(loading, event.body());
            startLoaded();
            return Step.next();
        }
        Entry begun = rules.started(event.body());
        return begun == null ? Step.next() : parts.workings().started(start(begun));
    }

    private void report() {
        malformed.forEach(parts::observe);
        malformed.clear();
    }

    private Mono<PartEnd> start(Entry entry) {
        return parts.start(scope, entry.part(), key.registry(), entry.workflow());
    }
}
