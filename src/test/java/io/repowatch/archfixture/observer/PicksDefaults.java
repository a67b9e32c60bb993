package io.repowatch.archfixture.observer;

import java.time.Clock;
import java.time.InstantSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

final class PicksDefaults {
    static Scheduler scheduler() {
        return Schedulers.parallel();
    }

    static Clock clock() {
        return Clock.systemUTC();
    }

    static InstantSource source() {
        return InstantSource.system();
    }

    static final class Builder {
        private Builder() {}

        static Scheduler scheduler() {
            return Schedulers.parallel();
        }
    }
}
