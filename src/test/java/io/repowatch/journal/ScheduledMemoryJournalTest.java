package io.repowatch.journal;

import org.junit.jupiter.api.AfterEach;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Feeds on a scheduler. */
class ScheduledMemoryJournalTest extends JournalModelTestKit {
    private final Scheduler scheduler = Schedulers.newParallel("feeds", 2);

    @Override
    Journal open() {
        return new MemoryJournal(scheduler);
    }

    @AfterEach
    void stop() {
        scheduler.dispose();
    }
}
