package io.repowatch.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** An engine in virtual time on a scripted source, and what its runs have told. */
final class EngineFixture {
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final ScriptedSource source;
    final ActivityEngine engine;
    final List<String> ends = new ArrayList<>();
    private @Nullable Disposable serving;

    EngineFixture() {
        this(new ScriptedSource(), b -> b);
    }

    EngineFixture(UnaryOperator<ActivityEngine.Builder> settings) {
        this(new ScriptedSource(), settings);
    }

    EngineFixture(ScriptedSource source, UnaryOperator<ActivityEngine.Builder> settings) {
        this.source = source;
        this.engine = settings.apply(
                        ActivityEngine.builder(source).scheduler(time).random(new SplittableRandom(1)))
                .build();
    }

    Disposable run(TestKey key, ActivityFactory<String> factory) {
        return engine.run(key, factory)
                .subscribe(v -> {}, e -> ends.add(key + " failed " + e), () -> ends.add(key + " quit"));
    }

    /** Serves, and lets the source say that wake-ups are coming. */
    EngineFixture serve() {
        subscribe();
        source.all();
        return this;
    }

    void subscribe() {
        serving = engine.serve().subscribe(v -> {}, e -> ends.add("serve failed " + e), () -> ends.add("served"));
    }

    void cancel() {
        if (serving != null) {
            serving.dispose();
        }
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
    }

    void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }
}
