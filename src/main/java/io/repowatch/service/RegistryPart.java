package io.repowatch.service;

import io.grpc.BindableService;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.JournalException;
import io.repowatch.registry.MoveAccept;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import io.repowatch.registry.RegistryServices;
import io.repowatch.registry.TimedWorkflows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A registry on the journal of a data directory.
 *
 * @param journal where it keeps everything
 * @param registry the commands and queries
 */
record RegistryPart(EmbeddedJournal journal, Registry registry) {
    private static final int FEWEST_READERS = 2;
    private static final int MOST_READERS = 4;

    // What is under way is a few appends, and what is cut off is done by the next start.
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration TOTAL_GRACE = Duration.ofSeconds(2);

    /** Opens the journal; blocks. A {@link Failure} says why it cannot be opened. */
    static RegistryPart open(Basics basics, Path data, MoveAccept moveAccept) {
        EmbeddedJournal journal = openJournal(basics.lifecycle(), data);
        basics.metrics().show(journal);
        Registry registry = Registry.open(
                journal,
                RegistryConfig.builder(basics.callbacks(), basics.random())
                        .clock(basics.clock())
                        .authorizer(Basics.AUTHORIZER)
                        .moveAccept(moveAccept)
                        .build());
        basics.lifecycle().onClose(registry::close);
        runTimedWorkflows(basics, journal, registry);
        return new RegistryPart(journal, registry);
    }

    private static void runTimedWorkflows(Basics basics, EmbeddedJournal journal, Registry registry) {
        Lifecycle lifecycle = basics.lifecycle();
        TimedWorkflows timed = TimedWorkflows.of(
                journal,
                registry,
                new TimedWorkflows.Settings(basics.callbacks(), basics.timer(), basics.clock(), basics.random()));
        Disposable running = timed.serve().subscribe(nothing -> {}, lifecycle::failed);
        lifecycle.onClose(() -> {
            Main.await(timed.stop(GRACE).timeout(TOTAL_GRACE, Mono.empty(), basics.timer()));
            running.dispose();
        });
    }

    private static EmbeddedJournal openJournal(Lifecycle lifecycle, Path data) {
        try {
            EmbeddedJournal journal = EmbeddedJournal.open(
                    data.resolve("journal"),
                    EmbeddedConfig.builder(lifecycle.blocking(readers(), "repowatch-journal-reads"))
                            .build());
            lifecycle.onClose(journal::close);
            return journal;
        } catch (JournalException e) {
            throw Failure.refused(String.valueOf(e.getMessage()), e);
        }
    }

    /** More than one, so that who waits for the disk does not hold up all, but no more than leave processors to the others. */
    private static int readers() {
        return Math.max(FEWEST_READERS, Math.min(MOST_READERS, Basics.cores() / 2));
    }

    List<BindableService> services() {
        return RegistryServices.of(registry, Basics.CALLER);
    }
}
