package io.repowatch.observer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts of workflows that run now. Thread-safe. */
final class WorkflowBoard {
    private final ConcurrentMap<PartRun.Id, PartRun<?>> runs = new ConcurrentHashMap<>();
    private final Function<UUID, String> moveProgress;

    /** Moves are asked how far they are when somebody looks. */
    WorkflowBoard(Function<UUID, String> moveProgress) {
        this.moveProgress = moveProgress;
    }

    PartRun<?> enter(PartRun.Id id, Function<PartRun.Id, PartRun<?>> start) {
        return runs.computeIfAbsent(id, start);
    }

    void leave(PartRun<?> run) {
        runs.remove(run.id, run);
    }

    void retryAt(WorkflowKey key, Instant at, String error) {
        forEach(key, run -> run.retryAt(at, error));
    }

    void recovered(WorkflowKey key) {
        forEach(key, PartRun::recovered);
    }

    private void forEach(WorkflowKey key, Consumer<PartRun<?>> change) {
        for (WorkflowPart part : WorkflowPart.values()) {
            PartRun<?> run = runs.get(new PartRun.Id(key, part));
            if (run != null) {
                change.accept(run);
            }
        }
    }

    /** All that run, or those about one repo. */
    List<WorkflowStatus> snapshot(@Nullable UUID repo) {
        List<WorkflowStatus> all = new ArrayList<>();
        for (PartRun<?> run : runs.values()) {
            if (repo == null || repo.equals(run.repo())) {
                all.add(run.status(progress(run)));
            }
        }
        return all;
    }

    private String progress(PartRun<?> run) {
        return run.id.part() == WorkflowPart.ACQUIRE
                ? moveProgress.apply(run.id.key().workflow())
                : "";
    }
}
