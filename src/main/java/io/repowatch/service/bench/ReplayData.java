package io.repowatch.service.bench;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.Change;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Long histories of registries: the events that a registry with some repos really has, over and over again. */
final class ReplayData {
    private static final int REPOS = 100;
    private static final int APPEND = 500;
    private static final int WAITING = 8;

    private ReplayData() {}

    /**
     * Makes the journal of a data directory with the registries of {@link #name}.
     *
     * @param events of all streams of each of the two groups together
     * @param streams how many there are in the second group; the first has one
     */
    static void fill(Path data, int events, int streams) throws IOException {
        Files.createDirectories(data.resolve("journal"));
        Scheduler reads = Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "bench-reads", 60, true);
        try (Journal journal = EmbeddedJournal.open(
                data.resolve("journal"), EmbeddedConfig.builder(reads).build())) {
            new Dataset(REPOS, 2).fill(journal);
            StreamId real = real(journal);
            List<StoredEvent> pattern =
                    journal.read(real, Vid.EPOCH).collectList().toFuture().join();
            for (int group : List.of(1, streams)) {
                for (int i = 0; i < group; i++) {
                    StreamId copy = new StreamId(real.category(), EntityIds.registry(name(group, i)));
                    Flux.range(0, (events / group + APPEND - 1) / APPEND)
                            .map(part -> append(
                                    copy, pattern, part * APPEND, Math.min(events / group, part * APPEND + APPEND)))
                            .flatMapSequential(append -> journal.append(List.of(append)), WAITING)
                            .then()
                            .toFuture()
                            .join();
                }
            }
        } finally {
            reads.dispose();
        }
    }

    /** The name of a registry with a long history. */
    static String name(int group, int number) {
        return "replay-" + group + "-" + number;
    }

    private static StreamId real(Journal journal) {
        Change change = journal.changesNow(0)
                .filter(each -> each.stream().entity().equals(EntityIds.registry(Dataset.REGISTRY)))
                .next()
                .toFuture()
                .join();
        return change.stream();
    }

    private static Append append(StreamId stream, List<StoredEvent> pattern, int from, int to) {
        List<StoredEvent> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            events.add(new StoredEvent(
                    new Vid(1, i + 1), pattern.get(i % pattern.size()).body()));
        }
        return new Append(stream, null, events);
    }
}
