package io.repowatch.observer;

import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.EventSource;

/** Makes the working parts of an observer. Tests replace single ones, to prove that the simulation sees the difference. */
class Makings {
    ActivityEngine.Builder engine(EventSource source) {
        return ActivityEngine.builder(source);
    }
}
