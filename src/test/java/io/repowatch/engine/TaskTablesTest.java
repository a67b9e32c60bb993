package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The entity table and the roster against simple models. */
class TaskTablesTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Core core = new Core(new Settings(
            new ScriptedSource(),
            time,
            time,
            new SplittableRandom(1),
            1,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1,
            1,
            8,
            Duration.ofHours(1),
            Duration.ZERO,
            new EngineListener() {}));

    private Task<String> task(String name, String entity) {
        return new RootTask<>(
                core,
                new TestKey(name, TestKey.entity(entity), StreamClass.REPO),
                new Probe(),
                new BaseSubscriber<Void>() {});
    }

    private static List<Task<?>> of(EntityTable table, UUID entity) {
        List<Task<?>> found = new ArrayList<>();
        table.forEach(entity, found::add);
        return found;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theEntityTableFindsExactlyWhatIsIn(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        EntityTable table = new EntityTable();
        Set<Task<?>> model = new LinkedHashSet<>();
        List<Task<?>> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.add(task("t" + i, "e" + i / 3));
        }
        for (int step = 0; step < 20_000; step++) {
            Task<?> task = all.get(random.nextInt(random.nextBoolean() ? all.size() : 40));
            if (model.contains(task)) {
                table.remove(task);
                model.remove(task);
            } else {
                assertThat(table.add(task)).isTrue();
                model.add(task);
            }
            UUID entity = task.key.entity();
            if (step % 10 == 0) {
                assertThat(of(table, entity))
                        .as("seed %d step %d", seed, step)
                        .containsExactlyInAnyOrderElementsOf(model.stream()
                                .filter(each -> each.key.entity().equals(entity))
                                .toList());
            }
        }
        List<Task<?>> found = new ArrayList<>();
        table.forEach(found::add);
        assertThat(found).containsExactlyInAnyOrderElementsOf(model);
        assertThat(table.size()).isEqualTo(model.size());
    }

    @Test
    void theEntityTableRefusesASecondRunOnAKey() {
        EntityTable table = new EntityTable();
        Task<?> first = task("a", "e");
        assertThat(table.add(first)).isTrue();
        assertThat(table.add(task("a", "e"))).isFalse();
        table.remove(first);
        assertThat(table.add(task("a", "e"))).isTrue();
    }

    @Test
    void removingWhatIsNotInDoesNothing() {
        EntityTable table = new EntityTable();
        table.remove(task("a", "e"));
        assertThat(table.size()).isZero();
    }

    @Test
    void theRosterReturnsNewTasksOnceAndInOrder() {
        Roster roster = new Roster();
        List<Task<?>> added = new ArrayList<>();
        List<@Nullable Task<?>> fresh = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Task<?> task = task("t" + i, "e" + i);
            added.add(task);
            roster.add(task);
            if (i % 3 == 0) {
                fresh.add(roster.nextFresh());
            }
        }
        Task<?> next;
        while ((next = roster.nextFresh()) != null) {
            fresh.add(next);
        }
        assertThat(fresh).isEqualTo(added);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aRoundReturnsEverythingThatStaysInWhileTasksComeAndGo(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Roster roster = new Roster();
        List<Task<?>> in = new ArrayList<>();
        int name = 0;
        for (int round = 0; round < 50; round++) {
            for (int i = random.nextInt(40); i > 0; i--) {
                Task<?> task = task("t" + name++, "e");
                in.add(task);
                roster.add(task);
            }
            for (int i = random.nextInt(in.size() + 1); i > 0; i--) {
                roster.remove(in.remove(random.nextInt(in.size())));
            }
            Set<Task<?>> expected = new LinkedHashSet<>(in);
            roster.recheck.oweAll();
            Task<?> next;
            Set<Task<?>> seen = new LinkedHashSet<>();
            while ((next = roster.recheck.next()) != null) {
                seen.add(next);
                if (random.nextInt(3) == 0) {
                    Task<?> task = task("t" + name++, "e");
                    in.add(task);
                    roster.add(task);
                    if (seen.size() > 200) {
                        break;
                    }
                }
                if (random.nextInt(3) == 0) {
                    Task<?> gone = in.remove(random.nextInt(in.size()));
                    roster.remove(gone);
                    expected.remove(gone);
                }
            }
            assertThat(seen).as("seed %d round %d", seed, round).containsAll(expected);
            assertThat(roster.size()).isEqualTo(in.size());
        }
    }

    @Test
    void roundsReturnNoMoreThanTheyOwe() {
        Roster roster = new Roster();
        for (int i = 0; i < 10; i++) {
            roster.add(task("t" + i, "e"));
        }
        roster.sweep.owe(3);
        roster.sweep.owe(4);
        int returned = 0;
        while (roster.sweep.next() != null) {
            returned++;
        }
        assertThat(returned).isEqualTo(7);
        roster.sweep.owe(100);
        returned = 0;
        while (roster.sweep.next() != null) {
            returned++;
        }
        assertThat(returned).isEqualTo(10);
    }

    @Test
    void aRoundThatBeganInTheMiddleMissesNothingThoughATaskComesIn() {
        Roster roster = new Roster();
        Set<Task<?>> in = new LinkedHashSet<>();
        for (int i = 0; i < 10; i++) {
            Task<?> task = task("t" + i, "e");
            roster.add(task);
            in.add(task);
        }
        for (Roster.Round round : List.of(roster.recheck, roster.sweep)) {
            round.owe(5);
            for (int i = 0; i < 5; i++) {
                round.next();
            }
            round.owe(roster.size());
            roster.add(task("late", "e"));
            Set<Task<?>> seen = new LinkedHashSet<>();
            Task<?> next;
            while ((next = round.next()) != null) {
                seen.add(next);
            }
            assertThat(seen).containsAll(in);
        }
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aRoundEndsWhenAllThatItOwedIsGone() {
        Roster roster = new Roster();
        List<Task<?>> in = List.of(task("a", "e"), task("b", "e"));
        in.forEach(roster::add);
        roster.recheck.oweAll();
        in.forEach(roster::remove);
        assertThat(roster.recheck.next()).isNull();
        roster.add(task("c", "e"));
        assertThat(roster.recheck.next()).as("it was not in").isNull();
    }

    @Test
    void aRosterThatWasCompactedKeepsNothingOfWhatHasLeft() {
        Roster roster = new Roster();
        List<WeakReference<Task<?>>> left = new ArrayList<>();
        Deque<Task<?>> in = new ArrayDeque<>();
        for (int i = 0; i < 16; i++) {
            Task<?> task = task("t" + i, "e");
            roster.add(task);
            in.add(task);
        }
        for (int i = 0; i < 10; i++) {
            roster.remove(in.remove());
        }
        // The array is full, and most of it is free: now the rest moves to its beginning.
        roster.add(task("late", "e"));
        while (!in.isEmpty()) {
            Task<?> task = in.remove();
            roster.remove(task);
            left.add(new WeakReference<>(task));
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            System.gc();
            assertThat(left).hasSize(6).allMatch(reference -> reference.get() == null);
        });
        assertThat(roster.size()).isEqualTo(1);
    }
}
