package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

class StopTest {
    private static final TestKey A = TestKey.repo("a");
    private static final TestKey B = TestKey.repo("b");
    private static final Duration TEN = Duration.ofSeconds(10);
    private static final String STOPPED = " failed java.util.concurrent.CancellationException: the engine was stopped";

    private final EngineFixture fixture = new EngineFixture();
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();
    private final List<String> stops = new ArrayList<>();

    private Disposable stop(Duration deadline) {
        return fixture.engine.stop(deadline).subscribe(v -> {}, e -> stops.add("failed"), () -> stops.add("done"));
    }

    private void start() {
        fixture.run(A, probe);
        fixture.serve();
    }

    @Test
    void cancellingARunClosesItsRead() {
        source.script(A, (after, honest) -> Flux.never());
        Disposable run = fixture.run(A, probe);
        fixture.serve();
        assertThat(source.open).hasValue(1);
        run.dispose();
        assertThat(source.open).hasValue(0);
    }

    @Test
    void cancellingARunReturnsItsPermit() {
        EngineFixture one = new EngineFixture(b -> b.limit(StreamClass.REPO, 1));
        one.source.script(A, (after, honest) -> Flux.never());
        Disposable run = one.run(A, new Probe());
        one.run(B, probe);
        one.serve();
        assertThat(probe.log).isEmpty();
        run.dispose();
        assertThat(probe.log).containsExactly("create", "quiesced");
    }

    @Test
    void cancellingARunCancelsItsCallbackAndBeginsNoOther() {
        boolean[] cancelled = {false};
        probe.onLive = event -> Mono.<Step>never().doOnCancel(() -> cancelled[0] = true);
        Disposable run = fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1", "2");
        run.dispose();
        source.append(A, "3");
        fixture.pass(Duration.ofHours(2));
        assertThat(cancelled).containsExactly(true);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1");
    }

    @Test
    void cancellingARunInBackOffEndsTheBackOff() {
        probe.onQuiesced = () -> Mono.error(new IllegalStateException("no"));
        Disposable run = fixture.run(A, probe);
        fixture.serve();
        run.dispose();
        fixture.passSeconds(100);
        assertThat(probe.log).containsExactly("create", "quiesced");
    }

    @Test
    void cancellingAReadyRunTakesItOut() {
        Disposable run = fixture.run(A, probe);
        run.dispose();
        fixture.serve();
        assertThat(probe.log).isEmpty();
        assertThat(source.reads).hasValue(0);
    }

    @Test
    void cancellingServeStopsEverythingAtOnce() {
        probe.onLive = event -> Mono.never();
        start();
        source.append(A, "1");
        source.script(B, (after, honest) -> Flux.never());
        fixture.run(B, new Probe());
        fixture.cancel();
        assertThat(source.open).hasValue(0);
        assertThat(source.subscribed).hasValue(0);
        assertThat(fixture.ends).containsExactlyInAnyOrder("a" + STOPPED, "b" + STOPPED);
    }

    @Test
    void aStopOfAnIdleEngineIsDoneAtOnceAndServeCompletes() {
        start();
        stop(TEN);
        assertThat(stops).containsExactly("done");
        assertThat(fixture.ends).containsExactly("a" + STOPPED, "served");
        assertThat(source.subscribed).hasValue(0);
    }

    @Test
    void aStopClosesOpenReadsAtOnce() {
        source.script(A, (after, honest) -> Flux.never());
        start();
        stop(TEN);
        assertThat(stops).containsExactly("done");
        assertThat(source.open).hasValue(0);
    }

    @Test
    void aCallbackUnderWayMayFinishAndNoOtherBegins() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> gate.asMono().then(Step.next());
        start();
        source.append(A, "1", "2");
        stop(TEN);
        fixture.passSeconds(9);
        assertThat(stops).isEmpty();
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(stops).containsExactly("done");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1");
    }

    @Test
    void aReadThatIsStillOpenWhenTheLastCallbackEndsIsClosed() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> gate.asMono().then(Step.next());
        start();
        source.script(A, (after, honest) -> honest.concatWith(Flux.never()));
        source.append(A, "1");
        stop(TEN);
        assertThat(source.open).hasValue(1);
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(stops).containsExactly("done");
        assertThat(source.open).hasValue(0);
    }

    @Test
    void aCallbackThatQuitsDuringTheStopHasQuit() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> gate.asMono().then(Step.quit());
        start();
        source.append(A, "1");
        stop(TEN);
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(fixture.ends).containsExactly("a quit", "served");
    }

    @Test
    void aFailureDuringTheStopIsNotRetried() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> gate.asMono().then(Mono.error(new IllegalStateException("no")));
        start();
        source.append(A, "1");
        stop(TEN);
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(stops).containsExactly("done");
    }

    @Test
    void theDeadlineCancelsWhatStillRuns() {
        boolean[] cancelled = {false};
        probe.onLive = event -> Mono.<Step>never().doOnCancel(() -> cancelled[0] = true);
        start();
        source.append(A, "1");
        stop(TEN);
        fixture.pass(TEN.minusMillis(1));
        assertThat(cancelled).containsExactly(false);
        fixture.pass(Duration.ofMillis(1));
        assertThat(cancelled).containsExactly(true);
        assertThat(stops).containsExactly("done");
    }

    @Test
    void aWaitUnderWayMayFinishUntilTheDeadline() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> Step.await("w", gate.asMono().then(Step.next()));
        start();
        source.append(A, "1");
        stop(TEN);
        assertThat(stops).isEmpty();
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(stops).containsExactly("done");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1");
    }

    @Test
    void noWaitBeginsDuringTheStop() {
        Sinks.Empty<Void> gate = Sinks.empty();
        boolean[] begun = {false};
        probe.onLive = event -> gate.asMono().then(Step.await("w", Mono.fromRunnable(() -> begun[0] = true)));
        start();
        source.append(A, "1");
        stop(TEN);
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(stops).containsExactly("done");
        assertThat(begun).containsExactly(false);
    }

    @Test
    void aWaitThatHasNotBegunDoesNotBeginAfterACancel() {
        ManualScheduler callbacks = new ManualScheduler();
        List<String> heard = new ArrayList<>();
        EngineFixture manual = new EngineFixture(b -> b.scheduler(callbacks).listener(new LoggingListener(heard)));
        Sinks.Empty<Void> gate = Sinks.empty();
        boolean[] begun = {false};
        probe.onQuiesced = () -> gate.asMono().then(Step.await("w", Mono.defer(() -> {
            begun[0] = true;
            return Step.next();
        })));
        Disposable run = manual.run(A, probe);
        manual.serve();
        callbacks.runAll();
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        callbacks.runOne();
        assertThat(heard).contains("awaiting w");
        run.dispose();
        callbacks.runAll();
        assertThat(begun).containsExactly(false);
    }

    @Test
    void theEarliestOfSeveralDeadlinesCounts() {
        probe.onLive = event -> Mono.never();
        start();
        source.append(A, "1");
        stop(Duration.ofHours(1));
        stop(TEN);
        fixture.pass(TEN);
        assertThat(stops).containsExactly("done", "done");
    }

    @Test
    void aBusyChildMayFinishThoughItsParentIsIdle() {
        Sinks.Empty<Void> gate = Sinks.empty();
        Probe child = new Probe();
        boolean[] finished = {false};
        child.onLive =
                event -> gate.asMono().doOnSuccess(v -> finished[0] = true).then(Step.next());
        start();
        probe.scope().startInTurn(B, "child", child);
        source.append(B, "1");
        stop(TEN);
        assertThat(stops).isEmpty();
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(finished).containsExactly(true);
        assertThat(stops).containsExactly("done");
    }

    @Test
    void aQueuedChildDoesNotStartDuringTheStop() {
        Sinks.Empty<Void> gate = Sinks.empty();
        Probe first = new Probe();
        first.onLive = event -> gate.asMono().then(Step.quit());
        Probe second = new Probe();
        start();
        probe.scope().startInTurn(B, "first", first);
        probe.scope().startInTurn(B, "second", second);
        source.append(B, "1");
        stop(TEN);
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(stops).containsExactly("done");
        assertThat(second.log).isEmpty();
    }

    @Test
    void anEngineThatWasStoppedStartsNothing() {
        fixture.serve();
        stop(Duration.ZERO);
        fixture.run(A, probe);
        assertThat(fixture.ends).containsExactly("served", "a" + STOPPED);
        assertThat(probe.log).isEmpty();
    }

    @Test
    void anEngineThatNeverServedCanBeStopped() {
        fixture.run(A, probe);
        stop(TEN);
        assertThat(stops).containsExactly("done");
        assertThat(fixture.ends).containsExactly("a" + STOPPED);
    }

    @Test
    void aStopWithoutGraceNeedsNoTimer() {
        EngineFixture stuck = new EngineFixture(b -> b.timer(new ManualScheduler()));
        probe.onLive = event -> Mono.never();
        stuck.run(A, probe);
        stuck.serve();
        stuck.source.append(A, "1");
        List<String> ends = new ArrayList<>();
        Disposable stopping = stuck.engine.stop(Duration.ZERO).subscribe(v -> {}, e -> {}, () -> ends.add("done"));
        assertThat(ends).containsExactly("done");
        assertThat(stopping.isDisposed()).isTrue();
    }

    @Test
    void afterTheDeadlineTheStopIsDoneWhenTheCallbackHasReturned() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        EngineFixture two = new EngineFixture(b -> b.timer(timer));
        List<String> ends = new ArrayList<>();
        probe.onLive = event -> {
            two.engine.stop(TEN).subscribe(v -> {}, e -> ends.add("failed " + e), () -> ends.add("done"));
            timer.advanceTimeBy(TEN);
            ends.add("returns");
            return Step.next();
        };
        two.run(A, probe);
        two.serve();
        two.source.append(A, "1");
        assertThat(ends).containsExactly("returns", "done");
        assertThat(two.ends).containsExactly("a" + STOPPED, "served");
    }

    @Test
    void cancellingTheLastBusyRunEndsTheStop() {
        probe.onLive = event -> Mono.never();
        Disposable run = fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        stop(TEN);
        assertThat(stops).isEmpty();
        run.dispose();
        assertThat(stops).containsExactly("done");
    }

    @Test
    void aStopOfAnEngineWithoutActivitiesIsDoneAtOnce() {
        fixture.serve();
        stop(TEN);
        assertThat(stops).containsExactly("done");
        assertThat(fixture.ends).containsExactly("served");
    }

    @Test
    void aWaitThatHasNotBegunEndsAtOnceAndHarmsNobody() {
        ManualScheduler callbacks = new ManualScheduler();
        List<String> heard = new ArrayList<>();
        EngineFixture manual = new EngineFixture(b -> b.scheduler(callbacks).listener(new LoggingListener(heard)));
        boolean[] begun = {false};
        probe.onQuiesced = () -> Step.await("w", Mono.fromRunnable(() -> begun[0] = true));
        manual.run(A, probe);
        manual.serve();
        for (int i = 0; i < 100 && !heard.contains("awaiting w"); i++) {
            callbacks.runOne();
        }
        List<String> ends = new ArrayList<>();
        manual.engine.stop(TEN).subscribe(v -> {}, e -> ends.add("failed " + e), () -> ends.add("done"));
        assertThat(ends).containsExactly("done");
        callbacks.runAll();
        assertThat(begun).containsExactly(false);
        assertThat(manual.ends).containsExactly("a" + STOPPED, "served");
    }

    @Test
    void aWaitThatIsCancelledBeforeItBeginsLeavesTheEngineServing() {
        ManualScheduler callbacks = new ManualScheduler();
        List<String> heard = new ArrayList<>();
        EngineFixture manual = new EngineFixture(b -> b.scheduler(callbacks).listener(new LoggingListener(heard)));
        probe.onQuiesced = () -> Step.await("w", Step.next());
        Disposable run = manual.run(A, probe);
        manual.serve();
        for (int i = 0; i < 100 && !heard.contains("awaiting w"); i++) {
            callbacks.runOne();
        }
        run.dispose();
        callbacks.runAll();
        Probe other = new Probe();
        manual.run(B, other);
        callbacks.runAll();
        assertThat(other.log).containsExactly("create", "quiesced");
        assertThat(manual.ends).isEmpty();
    }

    @Test
    void cancellingARunInBackOffGivesItsTimerUp() {
        List<Disposable> timers = new ArrayList<>();
        EngineFixture timed = new EngineFixture(b -> b.timer(new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                Disposable timer = Disposables.single();
                timers.add(timer);
                return timer;
            }

            @Override
            public Worker createWorker() {
                throw new UnsupportedOperationException();
            }
        }));
        probe.onQuiesced = () -> Mono.error(new IllegalStateException("no"));
        Disposable run = timed.run(A, probe);
        timed.serve();
        assertThat(timers).hasSize(1).noneMatch(Disposable::isDisposed);
        run.dispose();
        assertThat(timers).hasSize(1).allMatch(Disposable::isDisposed);
    }
}
