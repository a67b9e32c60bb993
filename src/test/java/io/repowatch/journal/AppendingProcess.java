package io.repowatch.journal;

import java.nio.file.Path;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A process of its own that appends until it is killed and prints the position of each append once it is acknowledged. The
 * append at position {@code n} puts event {@code n} into three streams.
 */
final class AppendingProcess {
    static final StreamId ALL = Samples.stream(0);
    static final String SAYS = "> ";
    private static final int AT_ONCE = 16;

    private AppendingProcess() {}

    /** Among whatever else is logged to the same place. */
    private static void say(Object text) {
        System.out.println(SAYS + text);
    }

    static List<Append> appendAt(long position) {
        return List.of(
                Samples.append(ALL, null, position),
                Samples.append(Samples.stream(1 + position % 7), null, position),
                Samples.append(Samples.stream(100 + position), null, position));
    }

    public static void main(String[] args) {
        say("opening");
        Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "reads");
        try (EmbeddedJournal journal = EmbeddedJournal.open(
                Path.of(args[0]), EmbeddedConfig.builder(reads).build())) {
            say("open");
            long next = journal.position() + 1;
            // Subscribed in order by one thread, so event n gets position n.
            Flux.generate(() -> next, (Long n, SynchronousSink<Long> sink) -> {
                        sink.next(n);
                        return n + 1;
                    })
                    .flatMapSequential(n -> journal.append(appendAt(n)), AT_ONCE, 1)
                    .doOnNext(AppendingProcess::say)
                    .blockLast();
        } catch (JournalException e) {
            say("refused: " + e.getMessage());
        } finally {
            reads.dispose();
        }
    }
}
