package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class PeriodicStatTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MINUTES = 60;

    @TempDir
    Path directory;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final InstantSource clock = () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
    private final RepoTable table = new RepoTable();
    private final List<String> heard = new ArrayList<>();
    private final Map<UUID, List<Instant>> starts = new HashMap<>();
    private Function<RepoInfo, Mono<Boolean>> work = info -> Mono.just(true);
    private PeriodicStat.Listener listener = new PeriodicStat.Listener() {
        @Override
        public void done(UUID repo, boolean changed) {
            heard.add("done " + repo.getLeastSignificantBits() + " " + changed);
        }

        @Override
        public void failed(UUID repo, Throwable error) {
            heard.add("failed " + repo.getLeastSignificantBits() + " " + error.getMessage());
        }

        @Override
        public void deferred(UUID repo) {
            heard.add("deferred " + repo.getLeastSignificantBits());
        }
    };

    @AfterEach
    void stop() {
        time.dispose();
    }

    private static UUID repo(int number) {
        return new UUID(0, number);
    }

    private static RepoInfo info(UUID repo) {
        return new RepoInfo(
                repo, new Vid(1, 1), "reg", GlobalPath.parse("/g"), "h", "/d", "/s", null, StorageTierCode.ST_ONLINE);
    }

    private void enable(int from, int to) {
        for (int i = from; i < to; i++) {
            table.enable(info(repo(i))).block(Duration.ofSeconds(5));
        }
    }

    private Disposable start(int parallel) {
        return new PeriodicStat(
                        table,
                        info -> {
                            starts.computeIfAbsent(info.id(), id -> new ArrayList<>())
                                    .add(clock.instant());
                            return work.apply(info);
                        },
                        HOUR,
                        parallel,
                        time,
                        clock,
                        new Random(1),
                        listener)
                .run()
                .subscribe();
    }

    private int count(int repo) {
        return starts.getOrDefault(repo(repo), List.of()).size();
    }

    @Test
    void everyRepoHasOneStatPerIntervalAndTheStartsAreSpreadEvenly() {
        enable(0, 1000);
        Disposable running = start(2);
        time.advanceTimeBy(HOUR.multipliedBy(3).plusSeconds(10));
        assertThat(starts).hasSize(1000);
        assertThat(starts.values()).allMatch(times -> times.size() == 3 || times.size() == 4);
        assertThat(starts.values().stream().filter(times -> times.size() == 4)).hasSizeLessThan(10);
        for (List<Instant> times : starts.values()) {
            for (int i = 1; i < times.size(); i++) {
                assertThat(Duration.between(times.get(i - 1), times.get(i)))
                        .isBetween(HOUR.minusSeconds(4), HOUR.plusSeconds(4));
            }
        }
        long[] perMinute = new long[MINUTES];
        starts.values().forEach(times -> perMinute[(int) (times.get(0).getEpochSecond() / 60 % MINUTES)]++);
        // 1,000 in 60 minutes are 17 in each; by chance hardly ever more than 40 or none.
        assertThat(LongStream.of(perMinute)).allMatch(n -> n > 2 && n < 40);
        assertThat(running.isDisposed()).isFalse();
        running.dispose();
        int before = heard.size();
        time.advanceTimeBy(HOUR.multipliedBy(3));
        assertThat(heard).as("cancelled").hasSize(before);
    }

    @Test
    void aRestartKeepsTheMomentOfEachRepo() {
        enable(0, 50);
        Disposable first = start(2);
        time.advanceTimeBy(HOUR.dividedBy(2));
        first.dispose();
        Set<UUID> done = new HashSet<>(starts.keySet());
        assertThat(done).isNotEmpty().hasSizeLessThan(50);
        Disposable second = start(2);
        time.advanceTimeBy(HOUR.dividedBy(2).plusSeconds(4));
        assertThat(starts).hasSize(50);
        assertThat(starts.values().stream().filter(times -> times.size() > 1)).hasSizeLessThan(3);
        second.dispose();
    }

    @Test
    void d20_aBusyRepoIsNotWaitedForAndDelaysNobody() {
        enable(0, 100);
        var holding = table.withLock(repo(7), Mono::never).subscribe();
        Disposable running = start(1);
        time.advanceTimeBy(HOUR.plusSeconds(4));
        assertThat(count(7)).isZero();
        assertThat(starts).hasSize(99);
        assertThat(heard).contains("deferred 7");
        assertThat(heard.stream().filter("deferred 7"::equals)).hasSizeBetween(1, 40);
        holding.dispose();
        time.advanceTimeBy(HOUR.dividedBy(8));
        assertThat(count(7)).as("soon after it is free").isEqualTo(1);
        running.dispose();
    }

    @Test
    void aStatThatStillRunsIsNotStartedAgainAndDelaysNobody() {
        enable(0, 100);
        work = info -> info.id().equals(repo(7)) ? Mono.never() : Mono.just(false);
        Disposable running = start(2);
        time.advanceTimeBy(HOUR.multipliedBy(4).plusSeconds(4));
        assertThat(count(7)).isEqualTo(1);
        assertThat(starts.keySet()).hasSize(100);
        assertThat(starts.entrySet().stream()
                        .filter(repo -> !repo.getKey().equals(repo(7)))
                        .map(repo -> repo.getValue().size()))
                .allMatch(n -> n == 4 || n == 5);
        running.dispose();
        assertThat(table.withRepo(repo(7), info -> Mono.just("free")).block(Duration.ofSeconds(5)))
                .as("cancelled with it")
                .isEqualTo("free");
    }

    @Test
    void reposThatComeAndGoAreFollowed() {
        enable(0, 10);
        Disposable running = start(2);
        time.advanceTimeBy(HOUR);
        enable(10, 20);
        table.disable(repo(3)).block(Duration.ofSeconds(5));
        starts.clear();
        time.advanceTimeBy(HOUR.plusSeconds(4));
        assertThat(starts).hasSize(19).doesNotContainKey(repo(3)).containsKey(repo(15));
        running.dispose();
    }

    @Test
    void aFailureIsToldAndTheOthersGoOn() {
        enable(0, 10);
        work = info -> info.id().equals(repo(3)) ? Mono.error(new WeakError("no luck")) : Mono.just(true);
        Disposable running = start(1);
        time.advanceTimeBy(HOUR.multipliedBy(2).plusSeconds(4));
        assertThat(heard.stream().filter("failed 3 no luck"::equals)).hasSizeBetween(2, 3);
        assertThat(count(4)).isBetween(2, 3);
        running.dispose();
    }

    @Test
    void aListenerThatThrowsEndsNothing() {
        enable(0, 10);
        listener = new PeriodicStat.Listener() {
            @Override
            public void done(UUID repo, boolean changed) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void failed(UUID repo, Throwable error) {
                throw new IllegalStateException("broken too");
            }
        };
        Disposable running = start(1);
        time.advanceTimeBy(HOUR.multipliedBy(2).plusSeconds(4));
        assertThat(starts).hasSize(10);
        assertThat(running.isDisposed()).isFalse();
        running.dispose();
    }

    @Test
    void aHostThatCannotKeepUpIsLateButNothingPilesUp() {
        enable(0, 100);
        // Each takes two minutes: 30 in an hour.
        work = info -> Mono.delay(Duration.ofMinutes(2), time).thenReturn(true);
        Disposable running = start(1);
        time.advanceTimeBy(HOUR.multipliedBy(40));
        assertThat(starts).hasSize(100);
        assertThat(starts.values().stream().mapToInt(List::size).sum()).isBetween(1190, 1200);
        assertThat(starts.values().stream().mapToInt(List::size).min().orElseThrow())
                .as("nobody is forgotten")
                .isGreaterThan(5);
        running.dispose();
    }

    @Test
    void aClockThatJumpsPassesEachMomentOnce() {
        enable(0, 20);
        Agenda agenda = new Agenda(HOUR, Instant.ofEpochSecond(1_000_000), new Random(1));
        assertThat(agenda.due(Instant.ofEpochSecond(9_000_000), table)).hasSize(20);
        assertThat(agenda.due(Instant.ofEpochSecond(1_000_000), table)).isEmpty();
        assertThat(agenda.due(Instant.ofEpochSecond(1_003_600), table))
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> new PeriodicStat(
                        table, work, Duration.ofMillis(999), 1, time, clock, new Random(1), PeriodicStat.Listener.NONE))
                .hasMessage("interval must be at least one second, but is PT0.999S");
        assertThatThrownBy(() ->
                        new PeriodicStat(table, work, HOUR, 0, time, clock, new Random(1), PeriodicStat.Listener.NONE))
                .hasMessage("parallel must be at least 1, but is 0");
    }

    @Test
    void realReposGetCommitsOfTheConfiguredAuthor() throws Exception {
        try (StorageFixture host = new StorageFixture(directory.toRealPath())) {
            host.file("a", 1);
            host.init(SubdirTracking.ST_ENTER_SUBDIRS);
            host.table.enable(host.info()).block(StorageFixture.LONG);
            host.file("b", 1);
            Scheduler timer = Schedulers.newSingle("periodic-test", true);
            Disposable running = new PeriodicStat(
                            host.table,
                            host.config,
                            Duration.ofSeconds(1),
                            new GitUser("The Clock", "clock@example.org"),
                            1,
                            host.blocking,
                            timer,
                            InstantSource.system(),
                            new Random(1),
                            ProgressListener.NONE,
                            PeriodicStat.Listener.NONE)
                    .run()
                    .subscribe();
            Awaitility.await()
                    .atMost(StorageFixture.LONG)
                    .until(() -> host.git()
                            .run("log", "-1", "--format=%an <%ae> %cn", "master-stat")
                            .equals("The Clock <clock@example.org> repowatch\n"));
            running.dispose();
            timer.dispose();
            assertThat(host.git().tree("master-stat")).containsKey("b");
        }
    }
}
