package io.repowatch.observer;

import io.repowatch.engine.Step;
import reactor.core.publisher.Mono;

/**
 * The decisions on which nothing else in the code depends but what the workflows are promised: tests override single ones, to
 * prove that a scenario sees the difference.
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
}
