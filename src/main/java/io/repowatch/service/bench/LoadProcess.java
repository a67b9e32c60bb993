package io.repowatch.service.bench;

import io.repowatch.engine.Activity;
import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.Event;
import io.repowatch.engine.Step;
import io.repowatch.id.Vid;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.RepoState;
import io.repowatch.wire.nogfso.RepoEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Row 10's process: a {@link LiveRig}, and for each line of its input a new engine whose activities fold the state of a repo. A
 * part of the repos is live already when the others are started. {@code load RATE} answers with how long the load of those takes,
 * with so many events in a second for the live ones (0: none), and their latencies; {@code live RATE} sends the same events
 * without a load.
 */
final class LoadProcess {
    /** As long as events are sent at most, in seconds. */
    private static final int LONGEST = 120;

    /** How long they are without a load. */
    private static final int QUIET = 8;

    private final LiveRig rig;
    private final int live;
    private final int load;
    private final AtomicReference<@Nullable Run> run = new AtomicReference<>();

    private record Run(Traffic traffic, Vid first) {}

    private LoadProcess(LiveRig rig, int live, int load) {
        this.rig = rig;
        this.live = live;
        this.load = load;
    }

    /** Arguments: the data directory, how many of the repos in it are live at the beginning, and how many are loaded. */
    public static void main(String[] args) throws IOException {
        Child.quiet();
        try (LiveRig rig = new LiveRig(Path.of(args[0]))) {
            LoadProcess process = new LoadProcess(rig, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            System.out.println("ready");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                System.out.println(
                        "figures" + process.measure(words[0].equals("load"), Integer.parseInt(words[1])));
            }
        }
    }

    private final class Folding implements Activity<RepoEvent> {
        private final AtomicInteger quiesced;
        private RepoState state;

        Folding(RepoKey key, AtomicInteger quiesced) {
            this.state = RepoState.initial(key.repo());
            this.quiesced = quiesced;
        }

        @Override
        public void replay(Event<RepoEvent> event) {
            state = state.after(event);
        }

        @Override
        public Mono<Step> quiesced() {
            quiesced.incrementAndGet();
            return Step.next();
        }

        @Override
        public Mono<Step> live(Event<RepoEvent> event) {
            state = state.after(event);
            Run now = run.get();
            if (now != null && event.id().hi() == now.first().hi()) {
                now.traffic().seen((int) (event.id().lo() - now.first().lo()));
            }
            return Step.next();
        }
    }

    private String measure(boolean loading, int rate) throws IOException {
        System.gc();
        Disposable.Composite runs = Disposables.composite();
        AtomicInteger quiesced = new AtomicInteger();
        ActivityEngine engine = ActivityEngine.builder(rig.source)
                .scheduler(rig.callbacks)
                .timer(rig.timer)
                .random(rig.random)
                .build();
        runs.add(engine.serve().subscribe());
        try {
            start(engine, runs, 0, live, quiesced);
            await(() -> quiesced.get() == live);
            Vid first = rig.next();
            Traffic traffic = new Traffic(Math.max(1, rate * LONGEST), rate);
            run.set(new Run(traffic, first));
            for (int i = 0; i < live; i++) {
                rig.know(i);
            }
            long from = System.nanoTime();
            int all = live + load;
            if (loading) {
                start(engine, runs, live, all, quiesced);
            }
            if (rate > 0) {
                traffic.send(
                        number -> rig.append(
                                number % live,
                                new Vid(first.hi(), first.lo() + number),
                                () -> traffic.acknowledged(number)),
                        () -> loading ? quiesced.get() < all : traffic.sent() < rate * QUIET);
            } else {
                await(() -> quiesced.get() == all);
            }
            double seconds = (System.nanoTime() - from) / 1e9;
            return " seconds=" + seconds + (rate > 0 ? traffic.figures(0) : "");
        } finally {
            runs.dispose();
        }
    }

    private void start(ActivityEngine engine, Disposable.Composite runs, int from, int to, AtomicInteger quiesced) {
        for (int i = from; i < to; i++) {
            RepoKey key = new RepoKey(Dataset.repo(i));
            runs.add(engine.run(key, (stream, scope) -> new Folding(key, quiesced))
                    .subscribe(nothing -> {}, stopped -> {}));
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
