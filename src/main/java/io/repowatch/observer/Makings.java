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

/** Makes the working parts of an observer. Tests replace single ones, to prove that the scenarios and the
 * simulation see the difference. */
class Makings {
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

    Activity<RepoEvent> repoActivity(RepoWork work, RepoChains chains, RepoKey key, Scope scope, Link link) {
        return new RepoActivity(work, chains, key, scope, link);
    }

    WorkflowRules<?> ofRepo(WorkflowPart part, RepoState repo, UUID workflow) {
        return WorkflowParts.ofRepo(part, repo, workflow);
    }

    /** How work is done that may take long: under no permit (D5, D6, D34). */
    Mono<Step> aside(String why, Mono<Step> outcome) {
        return Step.await(why, outcome);
    }

    /** How the index of workflows goes on when it has started one that will end so: at once (D33). */
    Mono<Step> started(Mono<PartEnd> end) {
        return Step.next();
    }

    WeakFailures weakFailures() {
        return new WeakFailures();
    }
}
