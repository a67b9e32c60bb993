package io.repowatch.observer;

import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.EventSource;
import java.util.function.UnaryOperator;

/** Observers with one method that is wrong, for the simulation to find. */
public final class ObserverBugs {
    private ObserverBugs() {}

    private static UnaryOperator<Observer.Builder> with(Makings makings) {
        return builder -> builder.makings(makings);
    }

    /** An observer on another engine. */
    public static UnaryOperator<Observer.Builder> on(UnaryOperator<ActivityEngine.Builder> engine) {
        return with(new Makings() {
            @Override
            ActivityEngine.Builder engine(EventSource source) {
                return engine.apply(super.engine(source));
            }
        });
    }
}
