package io.repowatch.engine;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** An activity that writes down what is asked of it and answers as the test says. One probe serves all its instances. */
final class Probe implements ActivityFactory<String> {
    final List<String> log;
    Function<Event<String>, Mono<Step>> onLive = event -> Step.next();
    Supplier<Mono<Step>> onQuiesced = Step::next;
    Supplier<Mono<Step>> onCaughtUp = Step::next;
    Consumer<Event<String>> onReplay = event -> {};
    private volatile @Nullable Scope scope;
    private volatile String prefix = "";

    Probe() {
        this(new CopyOnWriteArrayList<>());
    }

    Probe(List<String> log) {
        this.log = log;
    }

    Probe named(String name) {
        prefix = name + " ";
        return this;
    }

    Scope scope() {
        return Objects.requireNonNull(scope);
    }

    @Override
    public Activity<String> create(StreamKey<String> stream, Scope children) {
        log.add(prefix + "create");
        scope = children;
        return new Activity<>() {
            @Override
            public void replay(Event<String> event) {
                log.add(prefix + "replay " + event.body());
                onReplay.accept(event);
            }

            @Override
            public Mono<Step> quiesced() {
                log.add(prefix + "quiesced");
                return onQuiesced.get();
            }

            @Override
            public Mono<Step> live(Event<String> event) {
                log.add(prefix + "live " + event.body());
                return onLive.apply(event);
            }

            @Override
            public Mono<Step> caughtUp() {
                log.add(prefix + "caughtUp");
                return onCaughtUp.get();
            }
        };
    }
}
