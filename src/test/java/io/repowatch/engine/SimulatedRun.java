package io.repowatch.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** One run of an activity in a simulation: answers by chance, and checks what the engine asks against its own count. */
final class SimulatedRun implements ActivityFactory<String> {
    final TestKey key;
    private final Simulation simulation;
    private final boolean broken;
    private final boolean stuck;
    private final int quitAt;

    /** Set when the run was cancelled or has quit: nothing may begin any more. */
    boolean over;

    /** Failures since the last success, as this run counts them. */
    int failures;

    /** Started from the epoch again, and no turn has ended in sleep since. */
    boolean restarted;

    private @Nullable Instance current;

    /** Callbacks that have begun and whose outcome is not known, waits included. */
    private int inFlight;

    /** Publishers of callbacks that are subscribed at this moment. */
    private int working;

    SimulatedRun(Simulation simulation, TestKey key, boolean broken, boolean stuck, int quitAt) {
        this.simulation = simulation;
        this.key = key;
        this.broken = broken;
        this.stuck = stuck;
        this.quitAt = quitAt;
    }

    boolean isHealthy() {
        return !broken && !stuck;
    }

    /** Whether it has asked to quit, or is about to. */
    boolean mayQuit() {
        return quitAt >= 0 && current != null && current.handled >= quitAt - 1;
    }

    boolean isIdle() {
        return working == 0;
    }

    /** What must hold when nothing has happened for a long time. */
    void checkAtEnd() {
        int size = simulation.source.size(key);
        Instance instance = current;
        if (over || !isHealthy()) {
            return;
        }
        if (instance == null || !instance.quiesced || instance.handled != size) {
            String what = key + " has handled " + (instance == null ? "nothing" : instance.handled) + " of " + size;
            simulation.violations.add(6, what);
            if (simulation.hasStuckRuns()) {
                simulation.violations.add(5, what + " beside awaiting activities");
            }
            if (simulation.hasUnhealthyRuns()) {
                simulation.violations.add(10, what + " beside broken and slow activities");
            }
        } else if (instance.owed && !instance.rested) {
            simulation.violations.add(2, key + " is still owed a caughtUp");
        }
    }

    @Override
    public Activity<String> create(StreamKey<String> stream, Scope scope) {
        Instance instance = new Instance(scope);
        mayBegin(instance, "create");
        current = instance;
        return instance;
    }

    private void mayBegin(Instance instance, String what) {
        if (over || simulation.stopping) {
            simulation.violations.add(7, key + " " + what + " after the end");
        }
        if (inFlight > 0) {
            simulation.violations.add(3, key + " " + what + " while " + inFlight + " under way");
        }
        if (current != instance && current != null && !what.equals("create")) {
            simulation.violations.add(2, key + " " + what + " on an instance that was given up");
        }
    }

    private void expect(boolean condition, int guarantee, String what) {
        if (!condition) {
            simulation.violations.add(guarantee, key + " " + what);
        }
    }

    private final class Instance implements Activity<String> {
        private final Scope scope;
        private int handled;
        private boolean quiesced;
        private boolean owed;

        /** What is owed may wait for the next wake-up. */
        private boolean rested;


        Instance(Scope scope) {
            this.scope = scope;
        }

        @Override
        public void replay(Event<String> event) {
            mayBegin(this, "replay");
            expect(!quiesced, 2, "replays after quiescence");
            isNext(event, "replay");
            if (simulation.chance(60)) {
                throw new IllegalStateException("replay failed");
            }
            handled++;
        }

        private void isNext(Event<String> event, String what) {
            expect(
                    event.body().equals(String.valueOf(handled + 1)),
                    2,
                    what + " " + event.body() + " after " + handled);
        }

        @Override
        public Mono<Step> quiesced() {
            mayBegin(this, "quiesced");
            expect(!quiesced, 2, "quiesces twice");
            expect(
                    handled >= simulation.source.sizeAtOpen(key),
                    1,
                    "acts at " + handled + " before the history is folded");
            return answer(() -> {
                quiesced = true;
                simulation.startChildren(key, scope);
            });
        }

        @Override
        public Mono<Step> live(Event<String> event) {
            mayBegin(this, "live");
            expect(quiesced, 1, "live " + event.body() + " before quiescence");
            isNext(event, "live");
            if (broken) {
                return Mono.error(new IllegalStateException("broken"));
            }
            if (stuck) {
                return Step.await("for ever", Mono.never());
            }
            Mono<Step> answer = answer(() -> {
                handled++;
                owed = true;
            });
            return handled + 1 == quitAt ? answer.then(Step.quit()) : answer;
        }

        @Override
        public Mono<Step> caughtUp() {
            mayBegin(this, "caughtUp");
            expect(quiesced && owed, 2, "caughtUp that is not owed");
            return answer(() -> owed = false);
        }

        private Mono<Step> answer(Runnable onSuccess) {
            inFlight++;
            return switch (simulation.dice(10)) {
                case 0 -> ends(Mono.error(new IllegalStateException("failed")), onSuccess, false);
                case 1 -> ends(later(200).then(Mono.error(new IllegalStateException("failed late"))), onSuccess, false);
                case 2, 3, 4 -> ends(later(200).then(Step.next()), onSuccess, false);
                case 5 -> ends(Mono.empty(), onSuccess, false);
                case 6, 7 -> waits(onSuccess);
                default -> ends(Step.next(), onSuccess, false);
            };
        }

        private Mono<Step> waits(Runnable onSuccess) {
            return Step.await("some time", Mono.defer(() -> {
                expect(simulation.source.open(key) == 0, 5, "waits with an open read");
                return switch (simulation.dice(6)) {
                    case 0 -> ends(Mono.error(new IllegalStateException("wait failed")), onSuccess, true);
                    case 1 -> working(later(5000)).then(waits(onSuccess));
                    case 2 -> ends(Mono.empty(), onSuccess, true);
                    case 3 -> ends(later(30_000).then(Step.rest()), onSuccess, true);
                    default -> ends(later(30_000).then(Step.next()), onSuccess, true);
                };
            }));
        }

        private Mono<Step> ends(Mono<Step> answer, Runnable onSuccess, boolean waited) {
            return working(answer).doOnError(e -> inFlight--).doOnSuccess(step -> {
                inFlight--;
                if (!restarted) {
                    failures = 0;
                }
                onSuccess.run();
                owed |= waited;
                rested = step instanceof Step.Rest;
            });
        }

        private Mono<Step> working(Mono<Step> answer) {
            return answer.doOnSubscribe(s -> working++).doFinally(end -> working--);
        }

        private Mono<Step> later(int millis) {
            return Mono.delay(Duration.ofMillis(simulation.dice(millis)), simulation.time)
                    .then(Mono.empty());
        }
    }
}
