package io.repowatch.observer;

import io.repowatch.engine.Activity;
import io.repowatch.engine.Event;
import io.repowatch.engine.Step;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One part of a workflow: folds its events and, whenever its stream is quiet, executes what {@link WorkflowRules} say is due,
 * one operation at a time. After each the stream is read again, so that what is due next is decided on what is known then.
 * Every operation is an await, under no permit.
 */
final class WorkflowActivity<S> implements Activity<WorkflowEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowActivity.class);

    private final PartRun<S> run;
    private final WorkflowParts parts;
    private final List<Observation> malformed = new ArrayList<>(0);

    WorkflowActivity(PartRun<S> run, WorkflowParts parts) {
        this.run = run;
        this.parts = parts;
        run.replayed();
    }

    @Override
    public void replay(Event<WorkflowEvent> event) {
        String defect = run.rules.defect(event.body());
        if (defect != null) {
            malformed.add(new Observation.Malformed(
                    run.id.key().workflow(), event.id(), event.body().getEvent() + ": " + defect));
        }
        run.state = run.rules.fold(run.state, event);
    }

    @Override
    public Mono<Step> quiesced() {
        return act();
    }

    @Override
    public Mono<Step> live(Event<WorkflowEvent> event) {
        replay(event);
        return Step.next();
    }

    @Override
    public Mono<Step> caughtUp() {
        return act();
    }

    private Mono<Step> act() {
        malformed.forEach(parts::observe);
        malformed.clear();
        WorkflowAction action = run.rules.due(run.state);
        run.doing(action, parts.work().now());
        if (action.operation() instanceof WorkflowOperation.Wait) {
            return Step.next();
        }
        if (action.operation() instanceof WorkflowOperation.End end) {
            parts.ended(run, new PartEnd(end.aborted(), end.newPath()));
            return Step.quit();
        }
        return parts.workings().aside(action.why(), Mono.defer(() -> carryOut(action)));
    }

    private Mono<Step> carryOut(WorkflowAction action) {
        WorkflowOperation operation = action.operation();
        return parts.work()
                .carryOut(run, operation)
                .flatMap(done -> {
                    if (done) {
                        run.state = run.rules.done(run.state, operation);
                    }
                    return Step.next();
                })
                .onErrorResume(error -> failed(action, error));
    }

    private Mono<Step> failed(WorkflowAction action, Throwable error) {
        WorkflowRules.Failed<S> failed = run.rules.failed(run.state, action.operation(), error);
        run.state = failed.state();
        LOG.debug(
                "{} of workflow {} failed (rule {})",
                run.id.part(),
                run.id.key().workflow(),
                action.rule(),
                error);
        return failed.retried() ? Mono.error(error) : Step.next();
    }
}
