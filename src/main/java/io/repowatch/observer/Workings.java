package io.repowatch.observer;

import io.repowatch.engine.Activity;
import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.ActivityFactory;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.Scope;
import io.repowatch.engine.Step;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;

/**
 * Working parts of an observer, and decisions on which nothing else in the code depends but what is promised: tests override
 * single ones, to prove that a scenario or the simulation sees the difference.
 */
class Workings {

    /** How work is done that may take long: under no permit (D5, D6, D34). */
    Mono<Step> aside(String why, Mono<Step> outcome) {
        return Step.await(why, outcome);
    }

    /** How the index of workflows goes on when it has started one that will end so: at once (D33). */
    Mono<Step> started(Mono<PartEnd> end) {
        return Step.next();
    }

    /** The rules of a part: those that are written down (D18). */
    <S> WorkflowRules<S> rules(WorkflowRules<S> rules) {
        return rules;
    }

    ActivityEngine.Builder engine(EventSource source) {
        return ActivityEngine.builder(source);
    }

    RegistryRules registryRules(Prefixes prefixes) {
        return new RegistryRules(prefixes);
    }

    RepoRules repoRules(Prefixes prefixes) {
        return new RepoRules(prefixes);
    }

    RepoChains chains(Scope scope, BiFunction<RepoChains, Link, ActivityFactory<RepoEvent>> activities) {
        return new RepoChains(scope, activities);
    }

    Activity<RepoEvent> repoActivity(RepoContext context, Scope scope, Link link) {
        return new RepoActivity(context, scope, link);
    }

    WorkflowRules<?> ofRepo(WorkflowPart part, RepoState repo, UUID workflow) {
        return WorkflowParts.ofRepo(part, repo, workflow);
    }

    WeakFailures weakFailures() {
        return new WeakFailures();
    }
}
