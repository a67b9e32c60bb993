package io.repowatch.service.bench;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.Journal;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGeneratorFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A journal with a registry of many equal repos. The commands of one repo are given to a registry in memory; what that stores is
 * the pattern from which the events of all others are made, with their own ids, so that a million repos need minutes, not
 * hours. Each repo's events are one append.
 */
final class Dataset {
    static final String REGISTRY = "bench";
    static final String ROOT = "/bench";

    /** Where the shadows of its repos are said to be; whoever serves them has to know the place. */
    static final String SHADOWS = ROOT + "/shadow";

    /** A repo's path ends with its number, in so many digits. */
    private static final String DIGITS = "%07d";

    private static final String ERROR = "an error that is cleared again";
    private static final Principal SELF = new Principal("bench");
    private static final int WAITING = 512;
    private static final long SEED = 1;

    private final int repos;
    private final int events;

    /** @param events of each repo; even and at least 2 */
    Dataset(int repos, int events) {
        if (events < 2 || events % 2 != 0) {
            throw new IllegalArgumentException(events + " events for each repo; it must be even and at least 2");
        }
        this.repos = repos;
        this.events = events;
    }

    /** The id of a repo: looks like a random one. */
    static UUID repo(int number) {
        return new UUID(
                mix(2L * number) & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L,
                mix(2L * number + 1) & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
    }

    /** Spreads consecutive numbers over all values, each over another one. */
    private static long mix(long number) {
        long mixed = (number + 1) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }

    static String path(int number) {
        return ROOT + "/project-" + String.format(DIGITS, number);
    }

    /** Makes the journal of a data directory, as {@code repowatch registry --data} finds it. */
    void fill(Path data) throws IOException {
        Files.createDirectories(data.resolve("journal"));
        Scheduler reads = Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "bench-reads", 60, true);
        EmbeddedConfig config =
                EmbeddedConfig.builder(reads).writeBufferBytes(64 << 20).build();
        try (Journal journal = EmbeddedJournal.open(data.resolve("journal"), config)) {
            fill(journal);
        } finally {
            reads.dispose();
        }
    }

    /** Puts everything into an empty journal. */
    void fill(Journal journal) {
        Pattern pattern = pattern();
        done(Flux.fromIterable(pattern.before())
                .concatMap(appends -> journal.append(appends))
                .then());
        done(Flux.range(0, repos)
                .map(pattern::appends)
                .flatMapSequential(journal::append, WAITING)
                .then());
    }

    private Pattern pattern() {
        Scheduler scheduler = Schedulers.newSingle("bench-pattern", true);
        try (MemoryJournal memory = new MemoryJournal()) {
            Registry registry = Registry.open(
                    memory,
                    RegistryConfig.builder(
                                    scheduler,
                                    RandomGeneratorFactory.of("L64X128MixRandom")
                                            .create(SEED))
                            .build());
            done(registry.initRegistry(
                            SELF,
                            InitRegistryI.newBuilder().setRegistry(REGISTRY).build())
                    .then(registry.initRoot(
                            SELF,
                            InitRootI.newBuilder()
                                    .setRegistry(REGISTRY)
                                    .setGlobalRoot(ROOT)
                                    .setHost("localhost")
                                    .setHostRoot(ROOT + "/data")
                                    .build()))
                    .then());
            long before = memory.position();
            byte[] repo = registry.initRepo(
                            SELF,
                            InitRepoI.newBuilder()
                                    .setRegistry(REGISTRY)
                                    .setGlobalPath(path(0))
                                    .setCreatorName("Bench")
                                    .setCreatorEmail("bench@localhost")
                                    .build())
                    .toFuture()
                    .join()
                    .getRepo()
                    .toByteArray();
            done(follow(registry, repo));
            return Pattern.of(memory, before, EntityIds.of(repo));
        } finally {
            scheduler.dispose();
        }
    }

    private Mono<Void> follow(Registry registry, byte[] repo) {
        ByteString id = ByteString.copyFrom(repo);
        return registry.confirmShadow(
                        SELF,
                        ConfirmShadowI.newBuilder()
                                .setRepo(id)
                                .setShadowPath(SHADOWS + "/project-" + String.format(DIGITS, 0) + ".fso")
                                .build())
                .thenMany(Flux.range(0, (events - 2) / 2)
                        .concatMap(i -> registry.setRepoError(
                                        SELF,
                                        SetRepoErrorI.newBuilder()
                                                .setRepo(id)
                                                .setErrorMessage(ERROR)
                                                .build())
                                .then(registry.clearRepoError(
                                        SELF,
                                        ClearRepoErrorI.newBuilder()
                                                .setRepo(id)
                                                .setErrorMessage(ERROR)
                                                .build()))))
                .then();
    }

    private static void done(Mono<Void> work) {
        work.toFuture().join();
    }

    /** Something in an event's bytes that is another one for each repo. */
    private enum Kind {
        REPO,
        NUMBER,
        EVENT,
        TAIL
    }

    /** Where it is; {@code index} says which event of the pattern. */
    private record Place(int offset, Kind kind, int index) {}

    private record Form(StreamId stream, int index, byte[] body, List<Place> places) {}

    /** The events of one repo in all streams, to be made for others. Used by one thread; numbers must come in order. */
    private static final class Pattern {
        private final List<List<Append>> before;
        private final List<Form> forms = new ArrayList<>();
        private final UUID repo;
        private final long hi;
        private final AtomicLong lo;
        private byte[] registryTail = new byte[0];

        private Pattern(List<List<Append>> before, UUID repo, Vid newest) {
            this.before = before;
            this.repo = repo;
            this.hi = newest.hi();
            this.lo = new AtomicLong(newest.lo() >>> 1);
        }

        List<List<Append>> before() {
            return before;
        }

        static Pattern of(Journal memory, long position, UUID repo) {
            Map<StreamId, Integer> known = new LinkedHashMap<>();
            List<List<Append>> before = new ArrayList<>();
            List<StoredEvent> tail = List.of();
            for (var change : list(memory.changesNow(0).takeWhile(change -> change.position() <= position))) {
                int had = known.getOrDefault(change.stream(), 0);
                List<StoredEvent> all = list(memory.read(change.stream(), Vid.EPOCH));
                int upTo = 1 + ids(all).indexOf(change.tail());
                before.add(List.of(new Append(change.stream(), null, all.subList(had, upTo))));
                known.put(change.stream(), upTo);
                if (change.stream().entity().equals(EntityIds.registry(REGISTRY))) {
                    tail = all.subList(0, upTo);
                }
            }
            Pattern pattern = new Pattern(before, repo, memory.newest());
            pattern.take(memory, position, known, tail.get(tail.size() - 1).id());
            return pattern;
        }

        private void take(Journal memory, long position, Map<StreamId, Integer> known, Vid tail) {
            Map<StreamId, List<StoredEvent>> fresh = new LinkedHashMap<>();
            for (var change : list(memory.changesNow(position))) {
                fresh.computeIfAbsent(change.stream(), stream -> {
                    List<StoredEvent> all = list(memory.read(stream, Vid.EPOCH));
                    return all.subList(known.getOrDefault(stream, 0), all.size());
                });
            }
            List<Vid> ids = fresh.values().stream()
                    .flatMap(List::stream)
                    .map(StoredEvent::id)
                    .toList();
            fresh.forEach((stream, events) -> events.forEach(event -> forms.add(
                    new Form(stream, ids.indexOf(event.id()), event.body(), places(event.body(), ids, tail)))));
            registryTail = tail.toBytes();
        }

        private List<Place> places(byte[] body, List<Vid> ids, Vid tail) {
            List<Place> places = new ArrayList<>();
            find(body, EntityIds.toBytes(repo), Kind.REPO, 0, places);
            find(body, String.format(DIGITS, 0).getBytes(StandardCharsets.US_ASCII), Kind.NUMBER, 0, places);
            find(body, tail.toBytes(), Kind.TAIL, 0, places);
            for (int i = 0; i < ids.size(); i++) {
                find(body, ids.get(i).toBytes(), Kind.EVENT, i, places);
            }
            return places;
        }

        private static void find(byte[] body, byte[] what, Kind kind, int index, List<Place> places) {
            for (int at = 0; at + what.length <= body.length; at++) {
                if (Arrays.equals(body, at, at + what.length, what, 0, what.length)) {
                    places.add(new Place(at, kind, index));
                }
            }
        }

        List<Append> appends(int number) {
            byte[] id = EntityIds.toBytes(Dataset.repo(number));
            byte[] digits = String.format(DIGITS, number).getBytes(StandardCharsets.US_ASCII);
            Vid[] ids = new Vid[forms.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = new Vid(hi + 1, lo.incrementAndGet());
            }
            Map<StreamId, List<StoredEvent>> streams = new LinkedHashMap<>();
            byte[] tail = registryTail;
            for (Form form : forms) {
                byte[] body = form.body().clone();
                for (Place place : form.places()) {
                    byte[] value = switch (place.kind()) {
                        case REPO -> id;
                        case NUMBER -> digits;
                        case TAIL -> registryTail;
                        case EVENT -> ids[place.index()].toBytes();
                    };
                    System.arraycopy(value, 0, body, place.offset(), value.length);
                }
                boolean ofRepo = form.stream().entity().equals(repo);
                StreamId stream = ofRepo ? new StreamId(form.stream().category(), Dataset.repo(number)) : form.stream();
                streams.computeIfAbsent(stream, each -> new ArrayList<>())
                        .add(new StoredEvent(ids[form.index()], body));
                if (!ofRepo) {
                    tail = ids[form.index()].toBytes();
                }
            }
            registryTail = tail;
            return streams.entrySet().stream()
                    .map(entry -> new Append(entry.getKey(), null, entry.getValue()))
                    .toList();
        }

        private static List<Vid> ids(List<StoredEvent> events) {
            return events.stream().map(StoredEvent::id).toList();
        }

        private static <T> List<T> list(Flux<T> all) {
            return all.collectList().toFuture().join();
        }
    }
}
