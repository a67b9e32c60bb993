package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What goes on between a read and the callbacks. */
class TurnTest {
    private static final TestKey A = TestKey.repo("a");

    private final EngineFixture fixture = new EngineFixture();
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();

    private static void end(Sinks.Empty<Void> sink) {
        sink.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    @Test
    void eventsThatCameBeforeTheReadFailedAreHandledFirst() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> event.body().equals("1") ? gate.asMono().then(Step.next()) : Step.next();
        fixture.run(A, probe);
        fixture.serve();
        source.script(A, (after, honest) -> honest.concatWith(Flux.error(new IllegalStateException("cut"))));
        source.append(A, "1", "2", "3");
        int reads = source.reads.get();
        end(gate);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 2", "live 3");
        assertThat(source.reads).hasValue(reads);
        source.unscript(A);
        fixture.passSeconds(1);
        assertThat(probe.log).endsWith("live 3", "caughtUp");
    }

    @Test
    void noMoreEventsThanTheWindowAreOnTheWay() {
        AtomicLong asked = new AtomicLong();
        List<Sinks.Empty<Void>> gates = new ArrayList<>();
        probe.onLive = event -> {
            Sinks.Empty<Void> gate = Sinks.empty();
            gates.add(gate);
            return gate.asMono().then(Step.next());
        };
        fixture.run(A, probe);
        fixture.serve();
        source.script(A, (after, honest) -> honest.doOnRequest(asked::addAndGet));
        for (int i = 0; i < 100; i++) {
            source.put(A, "e" + i);
        }
        source.wake(A);
        assertThat(asked).hasValue(16);
        for (int i = 0; i < 100; i++) {
            assertThat(gates).hasSize(i + 1);
            assertThat(asked.get()).isLessThanOrEqualTo(i + 1 + 16L);
            end(gates.get(i));
        }
        assertThat(probe.log).hasSize(103).endsWith("live e99", "caughtUp");
    }

    @Test
    void aSourceThatSendsMoreThanItWasAskedForIsAFailedRead() {
        probe.onLive = event -> Mono.delay(java.time.Duration.ofMillis(1), fixture.time).then(Step.next());
        fixture.run(A, probe);
        fixture.serve();
        boolean[] cancelled = {false};
        source.script(A, (after, honest) -> new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Event<String>> actual) {
                actual.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {}

                    @Override
                    public void cancel() {
                        cancelled[0] = true;
                    }
                });
                source.stream(A).forEach(actual::onNext);
            }
        });
        for (int i = 0; i < 100; i++) {
            source.put(A, "e" + i);
        }
        source.wake(A);
        assertThat(cancelled).containsExactly(true);
        source.unscript(A);
        fixture.passSeconds(5);
        assertThat(probe.log).hasSize(103).endsWith("live e99", "caughtUp");
    }

    @Test
    void aRunThatIsCancelledByItsOwnCallbackBeginsNothingMore() {
        boolean[] begun = {false};
        Disposable[] run = new Disposable[1];
        probe.onLive = event -> {
            run[0].dispose();
            return Mono.fromRunnable(() -> begun[0] = true);
        };
        run[0] = fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1", "2");
        assertThat(begun).containsExactly(false);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1");
        assertThat(source.open).hasValue(0);
    }

    @Test
    void whatASourceSaysAfterTheTurnIsHeardByNobody() {
        List<CoreSubscriber<? super Event<String>>> late = new ArrayList<>();
        source.script(A, (after, honest) -> new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Event<String>> actual) {
                late.add(actual);
                honest.subscribe(actual);
            }
        });
        probe.onLive = event -> Step.await("later", Mono.never());
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        late.get(1).onNext(new Event<>(new Vid(9, 9), null, "late"));
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1");
    }
}
