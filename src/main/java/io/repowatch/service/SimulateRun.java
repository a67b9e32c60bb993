package io.repowatch.service;

import io.repowatch.testkit.simulation.Simulation;
import io.repowatch.testkit.simulation.Simulation.Outcome;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Plays seeds one after the other, and prints what came of them. */
final class SimulateRun {
    private static final double NANOS = 1e9;

    private final Simulation simulation;
    private final Terminal terminal;
    private final boolean trace;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Map<String, Long> faults = new TreeMap<>();
    private final List<Outcome> failed = new ArrayList<>();
    private Duration simulated = Duration.ZERO;
    private long steps;

    SimulateRun(Simulation simulation, Terminal terminal, boolean trace) {
        this.simulation = simulation;
        this.terminal = terminal;
        this.trace = trace;
    }

    /** Whether nothing was wrong. */
    boolean play(long from, int seeds) {
        long start = System.nanoTime();
        long startCpu = threads.getCurrentThreadCpuTime();
        for (long seed = from; seed < from + seeds; seed++) {
            play(seed);
        }
        report(from, seeds, System.nanoTime() - start, threads.getCurrentThreadCpuTime() - startCpu);
        if (!failed.isEmpty() && !trace) {
            replay(failed.get(0));
        }
        return failed.isEmpty();
    }

    private void play(long seed) {
        Outcome outcome = trace ? simulation.replay(seed) : simulation.play(seed);
        simulated = simulated.plus(outcome.simulated());
        steps += outcome.steps();
        outcome.faults().forEach((kind, count) -> faults.merge(kind, count, Long::sum));
        if (trace) {
            terminal.line("seed " + seed);
            outcome.trace().forEach(terminal::line);
        }
        if (!outcome.isFine()) {
            failed.add(outcome);
            terminal.line("seed " + seed + " fails");
            outcome.violations().forEach(violation -> terminal.line("  " + violation));
        }
    }

    private void report(long from, int seeds, long nanos, long cpuNanos) {
        List<List<String>> rows = new ArrayList<>();
        faults.forEach((kind, count) -> rows.add(List.of(kind, Long.toString(count))));
        terminal.table(List.of("FAULT", "TIMES"), rows);
        terminal.line(String.format(
                Locale.ROOT,
                "%.1f seeds/s, %.0f simulated seconds per CPU second, %d steps per seed",
                seeds * NANOS / nanos,
                simulated.toSeconds() * NANOS / Math.max(1, cpuNanos),
                steps / seeds));
        terminal.line(String.format(
                Locale.ROOT,
                "%d seeds from %d: %s",
                seeds,
                from,
                failed.isEmpty() ? "nothing was wrong" : failed.size() + " failed, first " + failed.get(0).seed()));
    }

    /** Plays a seed again, this time with its trace, which has to be the same one. */
    private void replay(Outcome first) {
        Outcome again = simulation.replay(first.seed());
        again.trace().forEach(terminal::line);
        boolean same = again.fingerprint() == first.fingerprint();
        terminal.line(String.format(
                Locale.ROOT,
                "seed %d replayed %s: fingerprint %016x; again with: repowatch simulate --seeds 1 --from %d --trace",
                first.seed(),
                same ? "step for step" : "DIFFERENTLY, which is a defect of the simulation",
                again.fingerprint(),
                first.seed()));
    }
}
