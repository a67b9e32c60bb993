package io.repowatch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations on a {@link Journal} beside a model that is too simple to be wrong. The last of the kits: extend this. */
abstract class JournalModelTestKit extends ConcurrentJournalTestKit {
    private static final int STEPS = 120;

    private final Map<StreamId, List<StoredEvent>> model = new HashMap<>();
    private final List<Change> modelChanges = new ArrayList<>();
    private long modelPosition;
    private long nextNumber = 1;

    /** The same journal after a restart; one that keeps nothing returns itself. */
    Journal reopen() throws Exception {
        return journal;
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void journalDoesWhatTheModelDoes(long seed) throws Exception {
        Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + ", step " + step;
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4 -> appendSomething(random, where);
                case 5, 6 -> readSomewhere(random, where);
                case 7 -> followFromSomewhere(random, where);
                case 8 -> compareEnds(random, where);
                default -> {
                    if (random.nextInt(6) == 0) {
                        journal = reopen();
                    }
                }
            }
        }
    }

    private void appendSomething(Random random, String where) {
        List<Append> appends = new ArrayList<>();
        Map<StreamId, List<StoredEvent>> after = new LinkedHashMap<>();
        boolean conflict = false;
        int parts = 1 + random.nextInt(3);
        for (int part = 0; part < parts; part++) {
            StreamId stream = anyStream(random);
            List<StoredEvent> now =
                    after.computeIfAbsent(stream, id -> new ArrayList<>(model.getOrDefault(id, List.of())));
            Vid expected = anyExpected(random, tailOf(now));
            conflict |= expected != null && !expected.equals(tailOf(now));
            List<StoredEvent> events = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                events.add(Samples.event(nextNumber++));
            }
            now.addAll(events);
            appends.add(new Append(stream, expected, events));
        }
        if (conflict) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> store(appends.toArray(Append[]::new)))
                    .as(where)
                    .isInstanceOf(VersionConflictException.class);
            return;
        }
        assertThat(store(appends.toArray(Append[]::new))).as(where).isEqualTo(++modelPosition);
        after.forEach((stream, events) -> modelChanges.add(new Change(modelPosition, stream, tailOf(events))));
        model.putAll(after);
    }

    private void readSomewhere(Random random, String where) {
        StreamId stream = anyStream(random);
        List<StoredEvent> events = model.getOrDefault(stream, List.of());
        int start = random.nextInt(events.size() + 1);
        Vid after = start == 0 ? Vid.EPOCH : events.get(start - 1).id();
        assertThat(read(stream, after))
                .as(where)
                .isEqualTo(events.subList(start, events.size()).stream()
                        .map(Samples::text)
                        .toList());
    }

    private void followFromSomewhere(Random random, String where) {
        long after = random.nextInt((int) modelPosition + 1);
        List<Change> expected = modelChanges.stream()
                .filter(change -> change.position() > after)
                .toList();
        if (!expected.isEmpty()) {
            assertThat(changes(after, expected.size())).as(where).isEqualTo(expected);
        }
    }

    private void compareEnds(Random random, String where) {
        StreamId stream = anyStream(random);
        assertThat(await(journal.tail(stream))).as(where).isEqualTo(tailOf(model.getOrDefault(stream, List.of())));
        assertThat(journal.position()).as(where).isEqualTo(modelPosition);
        Vid newest = Vid.EPOCH;
        for (Change change : modelChanges) {
            newest = change.tail().hi() > newest.hi() ? change.tail() : newest;
        }
        assertThat(journal.newest()).as(where).isEqualTo(newest);
        assertThat(await(journal.streams(Samples.CATEGORY).collectList()))
                .as(where)
                .containsExactlyInAnyOrderElementsOf(model.keySet());
    }

    private static StreamId anyStream(Random random) {
        return Samples.stream(random.nextInt(4));
    }

    private static @Nullable Vid anyExpected(Random random, Vid tail) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> null;
            case 3 -> Vid.EPOCH;
            case 4 -> Samples.vid(1 + random.nextInt(50));
            default -> tail;
        };
    }

    private static Vid tailOf(List<StoredEvent> events) {
        return events.isEmpty() ? Vid.EPOCH : events.get(events.size() - 1).id();
    }
}
