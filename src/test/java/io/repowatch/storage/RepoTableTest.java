package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.RepoGoneException;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class RepoTableTest {
    private static final UUID REPO = new UUID(1, 2);

    private final RepoTable table = new RepoTable();
    private final Scheduler workers = Schedulers.newBoundedElastic(2, 10_000, "table-test", 60, true);

    @AfterEach
    void stop() {
        workers.dispose();
    }

    private static RepoInfo info(UUID repo, String path) {
        return new RepoInfo(
                repo, new Vid(1, 1), "reg", GlobalPath.parse("/g"), "h", path, "/s", null, StorageTierCode.ST_ONLINE);
    }

    private void enable(String path) {
        table.enable(info(REPO, path)).block(Duration.ofSeconds(5));
    }

    private Mono<String> path() {
        return table.withRepo(REPO, info -> Mono.just(info.hostPath()));
    }

    @Test
    void operationsSeeTheNewestOfWhatWasEnabled() {
        StepVerifier.create(path()).verifyError(RepoNotEnabledException.class);
        enable("/one");
        StepVerifier.create(path()).expectNext("/one").verifyComplete();
        enable("/two");
        StepVerifier.create(path()).expectNext("/two").verifyComplete();
        table.disable(REPO).block(Duration.ofSeconds(5));
        StepVerifier.create(path()).verifyError(RepoNotEnabledException.class);
        assertThat(table.size()).isZero();
    }

    @Test
    void disablingAnUnknownRepoIsFine() {
        StepVerifier.create(table.disable(REPO)).verifyComplete();
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        Mono<Void> enable = table.enable(info(REPO, "/p"));
        assertThat(table.find(REPO)).isEmpty();
        enable.block(Duration.ofSeconds(5));
        assertThat(table.find(REPO)).isPresent();
    }

    @Test
    void d9_anOperationThatWaitedLooksUpTheRepoUnderTheLock() {
        enable("/old");
        Sinks.Empty<String> first = Sinks.empty();
        List<String> seen = new ArrayList<>();
        Disposable holding = table.withRepo(REPO, info -> first.asMono()).subscribe();
        Disposable moving = table.enable(info(REPO, "/new")).subscribe();
        Disposable waiting = path().subscribe(seen::add);
        Disposable disabling = table.disable(REPO).subscribe();
        List<Throwable> failed = new ArrayList<>();
        Disposable late = path().subscribe(seen::add, failed::add);
        assertThat(seen).isEmpty();
        first.tryEmitEmpty().orThrow();
        assertThat(seen).as("not the place it had left").containsExactly("/new");
        assertThat(failed).hasSize(1).allMatch(RepoNotEnabledException.class::isInstance);
        assertThat(List.of(holding, moving, waiting, disabling, late)).allMatch(Disposable::isDisposed);
    }

    @Test
    void disableWaitsForWhatRuns() {
        enable("/p");
        Sinks.One<String> running = Sinks.one();
        StepVerifier.create(Mono.when(table.withRepo(REPO, info -> running.asMono()), table.disable(REPO)))
                .expectSubscription()
                .then(() -> assertThat(table.find(REPO)).isPresent())
                .then(() -> running.tryEmitValue("done").orThrow())
                .verifyComplete();
        assertThat(table.find(REPO)).isEmpty();
    }

    @Test
    void d35_waitingForEnabledGoesByTheStateAndNotByThePast() {
        StepVerifier.create(table.whenEnabled(REPO).map(RepoInfo::hostPath))
                .expectSubscription()
                .then(() -> enable("/p"))
                .expectNext("/p")
                .verifyComplete();
        StepVerifier.create(table.whenEnabled(REPO).map(RepoInfo::hostPath))
                .expectNext("/p")
                .verifyComplete();
        table.disable(REPO).block(Duration.ofSeconds(5));
        List<String> heard = new ArrayList<>();
        Disposable again = table.whenEnabled(REPO).subscribe(info -> heard.add(info.hostPath()));
        assertThat(heard).as("it was enabled before, but is not now").isEmpty();
        enable("/q");
        assertThat(heard).containsExactly("/q");
        assertThat(again.isDisposed()).isTrue();
    }

    @Test
    void whoeverWaitsForARepoThatIsGoneFailsAtOnceOrWhenItGoes() {
        StepVerifier.create(table.enabled(REPO))
                .expectSubscription()
                .then(() -> table.gone(REPO).block(Duration.ofSeconds(5)))
                .verifyError(RepoGoneException.class);
        StepVerifier.create(table.enabled(REPO)).verifyError(RepoGoneException.class);
        enable("/back");
        StepVerifier.create(table.enabled(REPO)).verifyComplete();
        table.disable(REPO).block(Duration.ofSeconds(5));
        Disposable waiting = table.enabled(REPO).subscribe();
        assertThat(waiting.isDisposed())
                .as("it came back, and is only disabled")
                .isFalse();
        waiting.dispose();
    }

    @Test
    void anEnabledRepoIsNotGone() {
        enable("/p");
        table.gone(REPO).block(Duration.ofSeconds(5));
        StepVerifier.create(table.enabled(REPO)).verifyComplete();
        StepVerifier.create(path()).expectNext("/p").verifyComplete();
    }

    @Test
    void aCancelledWaitForEnabledLeavesNothing() {
        Disposable wait = table.whenEnabled(REPO).subscribe();
        wait.dispose();
        enable("/p");
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void turnsAreTakenInOrderAndReposDoNotWaitForEachOther() {
        enable("/p");
        UUID other = new UUID(3, 4);
        table.enable(info(other, "/other")).block(Duration.ofSeconds(5));
        Sinks.Empty<Void> gate = Sinks.empty();
        List<Integer> order = new ArrayList<>();
        Disposable.Composite all = Disposables.composite();
        all.add(table.withRepo(REPO, info -> gate.asMono()).subscribe());
        for (int i = 0; i < 50; i++) {
            int turn = i;
            all.add(table.withRepo(REPO, info -> Mono.fromRunnable(() -> order.add(turn)))
                    .subscribe());
        }
        StepVerifier.create(table.withRepo(other, info -> Mono.just(info.hostPath())))
                .expectNext("/other")
                .verifyComplete();
        assertThat(order).isEmpty();
        gate.tryEmitEmpty().orThrow();
        assertThat(order).hasSize(50).isSorted();
        all.dispose();
    }

    @Test
    void aLongLineOfShortTurnsDoesNotRecurse() {
        RepoLocks locks = new RepoLocks();
        Sinks.Empty<Void> gate = Sinks.empty();
        AtomicInteger done = new AtomicInteger();
        Disposable.Composite all = Disposables.composite();
        all.add(locks.withLock(REPO, gate::asMono).subscribe());
        for (int i = 0; i < 100_000; i++) {
            all.add(locks.withLock(REPO, () -> Mono.fromRunnable(done::incrementAndGet))
                    .subscribe());
        }
        gate.tryEmitEmpty().orThrow();
        assertThat(done).hasValue(100_000);
        assertThat(locks.size()).as("a lock that nobody uses takes no memory").isZero();
        all.dispose();
    }

    @Test
    void aCancelledTurnGivesUpItsPlace() {
        enable("/p");
        Sinks.Empty<Void> gate = Sinks.empty();
        List<String> ran = new ArrayList<>();
        Disposable first = table.withRepo(REPO, info -> gate.asMono()).subscribe();
        Disposable second = table.withRepo(REPO, info -> Mono.fromRunnable(() -> ran.add("second")))
                .subscribe();
        Disposable third = table.withRepo(REPO, info -> Mono.fromRunnable(() -> ran.add("third")))
                .subscribe();
        second.dispose();
        first.dispose();
        assertThat(ran).containsExactly("third");
        assertThat(third.isDisposed()).isTrue();
    }

    @Test
    void aFailingOrThrowingOperationFreesTheLock() {
        enable("/p");
        StepVerifier.create(table.withRepo(REPO, info -> Mono.error(new IllegalStateException("no"))))
                .verifyErrorMessage("no");
        StepVerifier.create(table.withRepo(REPO, info -> {
                    throw new IllegalStateException("thrown");
                }))
                .verifyErrorMessage("thrown");
        StepVerifier.create(path()).expectNext("/p").verifyComplete();
    }

    @Test
    void aCancelledOperationKeepsTheLockUntilItsBlockingTaskHasEnded() throws Exception {
        enable("/p");
        BlockingWork work = new BlockingWork(workers);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Boolean> told = new ArrayList<>();
        Disposable cancelled = table.withRepo(
                        REPO,
                        info -> work.run(stopped -> {
                            running.countDown();
                            goOn.await();
                            told.add(stopped.getAsBoolean());
                            return "ignored";
                        }))
                .subscribe();
        running.await();
        cancelled.dispose();
        var next = path().toFuture();
        assertThat(next).isNotDone();
        goOn.countDown();
        assertThat(next.get(10, TimeUnit.SECONDS)).isEqualTo("/p");
        assertThat(told).containsExactly(true);
    }

    @Test
    void aCancelledTaskThatHasNotBegunNeverBegins() throws Exception {
        Scheduler one = Schedulers.newBoundedElastic(1, 10, "one", 60, true);
        BlockingWork work = new BlockingWork(one);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger began = new AtomicInteger();
        var busy = work.run(stopped -> {
                    goOn.await();
                    return "busy";
                })
                .toFuture();
        enable("/p");
        Disposable queued = table.withRepo(REPO, info -> work.run(stopped -> began.incrementAndGet()))
                .subscribe();
        queued.dispose();
        StepVerifier.create(path()).expectNext("/p").verifyComplete();
        goOn.countDown();
        assertThat(busy.get(10, TimeUnit.SECONDS)).isEqualTo("busy");
        assertThat(work.run(stopped -> "after").block(Duration.ofSeconds(10))).isEqualTo("after");
        assertThat(began).hasValue(0);
        one.dispose();
    }

    @Test
    void tooManyRequestsForOneRepoAreRefusedButTheObserverIsNot() {
        enable("/p");
        Sinks.Empty<Void> gate = Sinks.empty();
        Disposable.Composite all = Disposables.composite();
        for (int i = 0; i < 101; i++) {
            all.add(table.withRepo(REPO, info -> gate.asMono()).subscribe());
        }
        StepVerifier.create(path()).verifyError(BusyException.class);
        var disabled = table.disable(REPO).toFuture();
        assertThat(disabled).isNotDone();
        all.dispose();
        assertThat(disabled).isCompleted();
    }

    @Test
    void aTurnThatIsCancelledWhileItStartsFreesTheLock() {
        enable("/p");
        Sinks.Empty<Void> first = Sinks.empty();
        Disposable.Swap second = Disposables.swap();
        StepVerifier.create(table.withRepo(REPO, info -> first.asMono()))
                .then(() -> second.update(table.withRepo(REPO, info -> {
                            second.dispose();
                            return Mono.never();
                        })
                        .subscribe()))
                .then(first::tryEmitEmpty)
                .verifyComplete();
        StepVerifier.create(path()).expectNext("/p").expectComplete().verify(Duration.ofSeconds(5));
    }

    @Test
    void underContentionAndCancellationOneTurnRunsAtATimeAndNoneIsLost() {
        enable("/p");
        BlockingWork work = new BlockingWork(workers);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Integer sum = Flux.range(0, 2000)
                .flatMap(
                        i -> {
                            Mono<Integer> turn = table.withRepo(
                                    REPO,
                                    info -> work.run(stopped -> {
                                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                        inside.decrementAndGet();
                                        return 1;
                                    }));
                            // Every third is cancelled by the other one, at any point of its life.
                            return i % 3 == 0
                                    ? Mono.firstWithSignal(turn, Mono.just(1).publishOn(workers))
                                    : turn;
                        },
                        50)
                .reduce(0, Integer::sum)
                .block(Duration.ofSeconds(60));
        assertThat(sum).isEqualTo(2000);
        assertThat(most).hasValue(1);
        StepVerifier.create(path()).expectNext("/p").verifyComplete();
    }
}
