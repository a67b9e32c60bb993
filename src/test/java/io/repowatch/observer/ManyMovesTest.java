package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Call.Kind;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRepo;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many moves within one server, begun at once: all complete, whatever the limits. It prints the time they take;
 * {@code -Drepowatch.moves} changes how many.
 */
class ManyMovesTest {
    private static final int MOVES = Integer.getInteger("repowatch.moves", 10_000);

    @ParameterizedTest(name = "limits {0} and {1}")
    @CsvSource({"1, 1", "10, 20"})
    void allComplete(int repoReads, int generalReads) {
        try (Scenario s = Scenario.builder()
                .config(config -> config.prefix("/own").repoReads(repoReads).generalReads(generalReads))
                .build()) {
            List<ScriptedMove> moves = new ArrayList<>();
            for (int i = 0; i < MOVES; i++) {
                ScriptedRepo repo = s.repo("/own/r" + i);
                moves.add(repo.move(s.workflow(), "/own/new" + i));
                s.given(repo.initStarted(), repo.shadowCreated(), repo.added());
            }
            s.start().advance(Duration.ofSeconds(1));
            assertThat(s.enabled()).hasSize(MOVES);

            long begin = System.nanoTime();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (ScriptedMove move : moves) {
                s.when(move.accepted(), move.started(), move.workflowStarted(), move.appAccepted());
            }
            s.advance(Duration.ofSeconds(1));
            System.out.printf(
                    "%d moves, limits %d and %d: %d ms, %d ms of CPU%n",
                    MOVES,
                    repoReads,
                    generalReads,
                    (System.nanoTime() - begin) / 1_000_000,
                    (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1_000_000);

            assertThat(s.enabled()).hasSize(MOVES);
            assertThat(s.enabled().values())
                    .allMatch(info -> info.globalPath().value().startsWith("/own/new"));
            assertThat(s.observer().workflows()).isEmpty();
            assertThat(s.registry().mostOpenReads()).isLessThanOrEqualTo(repoReads + generalReads);
            Map<Kind, Long> calls = s.ports().calls().stream()
                    .map(Call::kind)
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            long each = MOVES;
            assertThat(calls)
                    .isEqualTo(Map.of(
                            Kind.GET_REPO, 2 * each,
                            Kind.ENABLE, 2 * each,
                            Kind.DISABLE, each,
                            Kind.POST_RELEASED, each,
                            Kind.MOVE_REPO, each,
                            Kind.COMMIT_MOVE, each));
        }
    }
}
