package io.repowatch.archfixture.observer;

import reactor.test.StepVerifierOptions;

final class TestsItself {
    static Object verifier() {
        return StepVerifierOptions.create();
    }
}
