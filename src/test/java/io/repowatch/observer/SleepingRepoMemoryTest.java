package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.repowatch.id.Vid;
import io.repowatch.observer.RepoStatus.State;
import io.repowatch.wire.nogfso.GetRepoO;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What a repo costs while it sleeps: everything that the engine and the observer keep of it, tables included. With
 * {@code -Drepowatch.memory.histogram=true} it prints the objects of the JVM by class at that moment.
 */
class SleepingRepoMemoryTest {
    private static final int REPOS = 100_000;
    private static final int MOST_BYTES = 200;
    private static final long STEADY = 64 * 1024;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Scheduler callbacks = Schedulers.newSingle("callbacks");

    @AfterEach
    void close() {
        callbacks.dispose();
    }

    @Test
    void aSleepingRepoCostsAtMost200Bytes() throws JMException {
        // Classes, pools and shared texts are there when the measurement begins.
        load(new GeneratedRegistry(1_000), 1_000).watch.dispose();
        long perRepo = measured();
        assertThat(perRepo).as("bytes for each sleeping repo").isBetween(100L, (long) MOST_BYTES);
    }

    private long measured() throws JMException {
        GeneratedRegistry registry = new GeneratedRegistry(REPOS);
        long before = usedHeap();
        Running running = load(registry, REPOS);
        long perRepo = (usedHeap() - before) / REPOS;
        if (Boolean.getBoolean("repowatch.memory.histogram")) {
            System.out.println(perRepo + " bytes for each sleeping repo");
            System.out.println(histogram());
        }
        assertThat(running.observer.states()).hasSize(REPOS);
        running.watch.dispose();
        return perRepo;
    }

    private record Running(Observer observer, Disposable watch) {}

    private Running load(GeneratedRegistry registry, int repos) {
        Forgetful ports = new Forgetful();
        Observer observer = Observer.builder(ObserverConfig.builder()
                        .registry(GeneratedRegistry.NAME)
                        .prefix("/example")
                        .build())
                .source(registry)
                .commands(ports)
                .initializer(ports)
                .processor(ports)
                .callbacks(callbacks)
                .timer(callbacks)
                .clock(InstantSource.fixed(Instant.EPOCH))
                .random(new SplittableRandom(1))
                .build();
        Disposable watch = observer.watch().subscribe();
        await().atMost(LIMIT)
                .until(() ->
                        registry.openReads() == 0 && observer.counts().equals(Map.of(State.ENABLED, (long) repos)));
        return new Running(observer, watch);
    }

    /** The heap in use when collecting it again brings nothing more. */
    /** The bytes of all objects that are alive. What a collector holds besides depends on its regions and on chance. */
    private static long usedHeap() throws JMException {
        long last = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            String total = histogram().lines().reduce("", (before, line) -> line);
            long used = Long.parseLong(total.trim().split(" +")[2]);
            if (Math.abs(last - used) < STEADY) {
                return used;
            }
            last = used;
        }
        return last;
    }

    /** What {@code jcmd GC.class_histogram} says. */
    private static String histogram() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
    }

    /** Says yes and keeps nothing. */
    private static final class Forgetful implements Initializer, Processor, NoWorkflowCommands {
        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return Mono.justOrEmpty(RepoInfo.of(state));
        }

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return Mono.error(new AssertionError("no repo needs to be made"));
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return Mono.error(new AssertionError("no project needs to be made"));
        }

        @Override
        public Mono<Void> enable(RepoInfo info) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> disable(UUID repo) {
            return Mono.empty();
        }

        @Override
        public Mono<GetRepoO> getRepo(UUID repo) {
            return Mono.error(new AssertionError("the history is complete"));
        }

        @Override
        public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
            return Mono.error(new AssertionError("the history is complete"));
        }

        @Override
        public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
            return Mono.error(new AssertionError("the history is complete"));
        }

        @Override
        public Mono<Vid> setRepoError(UUID repo, String message) {
            return Mono.error(new AssertionError("nothing fails"));
        }
    }
}
