package io.repowatch.journal;

/** Feeds on the threads of those who append and ask. */
class MemoryJournalTest extends JournalModelTestKit {
    @Override
    Journal open() {
        return new MemoryJournal();
    }
}
