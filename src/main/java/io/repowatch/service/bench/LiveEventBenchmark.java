package io.repowatch.service.bench;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The engine's own path as JMH measures it, with its profiler of allocations; what it needs is made by the profile bench only. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LiveEventBenchmark {
    private static final String BYTES = "gc.alloc.rate.norm";

    /** How many events each wake-up brings. */
    @Param("1")
    public int batch;

    @SuppressWarnings("NullAway.Init") // by JMH, in prepare()
    private IdlePath path;

    /** Puts the activities to sleep. */
    @Setup
    public void prepare() {
        path = new IdlePath(EngineAllocation.ACTIVITIES, batch);
    }

    @TearDown
    public void close() {
        path.close();
    }

    /** Wakes one of them. */
    @Benchmark
    public long wakeUp() {
        path.wake(1);
        return path.handled();
    }

    /** Runs it in a process of its own. */
    static Sample measure(int batch) {
        Collection<RunResult> results;
        try {
            results = new Runner(new OptionsBuilder()
                            .include(LiveEventBenchmark.class.getName())
                            .param("batch", "" + batch)
                            .forks(1)
                            .warmupIterations(3)
                            .warmupTime(TimeValue.seconds(1))
                            .measurementIterations(3)
                            .measurementTime(TimeValue.seconds(1))
                            .addProfiler(GCProfiler.class)
                            .verbosity(VerboseMode.SILENT)
                            .shouldFailOnError(true)
                            .build())
                    .run();
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH does not run: " + e.getMessage(), e);
        }
        RunResult result = results.iterator().next();
        double bytes = result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(BYTES))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("JMH does not tell " + BYTES))
                .getValue()
                .getScore();
        return Sample.of(EngineAllocation.BYTES, bytes / batch)
                .and("ns/event", result.getPrimaryResult().getScore() / batch);
    }
}
