package io.repowatch.testkit.simulation;

import io.repowatch.journal.Append;
import io.repowatch.journal.MemoryJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The disk below the registry's journal: what is on it survives every crash. */
final class Disk {
    private final List<List<Append>> appends = new ArrayList<>();
    private final MemoryJournal decided = new MemoryJournal();
    private final Consumer<List<Append>> onStored;

    /** @param onStored hears of every append that is on the disk from now on */
    Disk(Consumer<List<Append>> onStored) {
        this.onStored = onStored;
    }

    /** Puts an append on the disk, whole; the reason if it does not fit what is there. */
    @Nullable
    Throwable put(List<Append> append) {
        Throwable refusal = Sync.error(decided.append(append));
        if (refusal == null) {
            appends.add(append);
            onStored.accept(append);
        }
        return refusal;
    }

    /** What a journal shows that was opened now. */
    MemoryJournal opened() {
        MemoryJournal journal = new MemoryJournal();
        for (List<Append> append : appends) {
            Throwable error = Sync.error(journal.append(append));
            if (error != null) {
                throw new IllegalStateException("what is on the disk does not fit together", error);
            }
        }
        return journal;
    }
}
