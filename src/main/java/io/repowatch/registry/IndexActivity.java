package io.repowatch.registry;

import io.repowatch.engine.Activity;
import io.repowatch.engine.Event;
import io.repowatch.engine.Scope;
import io.repowatch.engine.Step;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.WorkflowEvent;
import reactor.core.publisher.Mono;

/** Follows the index of a registry: every workflow in it has an activity, and long histories get a snapshot. */
final class IndexActivity implements Activity<WorkflowEvent> {
    private final String registry;
    private final Scope scope;
    private final TimedCommands commands;
    private IndexState index = IndexState.INITIAL;

    IndexActivity(String registry, Scope scope, TimedCommands commands) {
        this.registry = registry;
        this.scope = scope;
        this.commands = commands;
    }

    @Override
    public void replay(Event<WorkflowEvent> event) {
        index = IndexAggregate.INSTANCE.evolve(index, event.body());
    }

    @Override
    public Mono<Step> quiesced() {
        index.list().forEach(this::follow);
        return caughtUp();
    }

    @Override
    public Mono<Step> live(Event<WorkflowEvent> event) {
        replay(event);
        IndexEntry entry = index.entry(WireFields.stored(event.body().getWorkflowId()));
        if (entry != null && event.body().getEvent() == entry.kind().started()) {
            follow(entry);
        }
        return Step.next();
    }

    @Override
    public Mono<Step> caughtUp() {
        return commands.wantsSnapshot(index) ? commands.snapshot(registry).then(Step.next()) : Step.next();
    }

    private void follow(IndexEntry entry) {
        scope.startInTurn(
                new WorkflowKey(new WorkflowKey.OfRegistry(registry), entry.workflow()),
                entry.workflow(),
                (key, children) -> new TimedActivity(registry, entry.workflow(), commands));
    }
}
