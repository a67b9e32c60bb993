package io.repowatch.registry;

import com.google.protobuf.UnsafeByteOperations;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.v1.ChangesReply;
import io.repowatch.wire.v1.ChangesRequest;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The change feed with positions. As the signal stream it is a cursor over the journal's changes, read when the client is
 * ready; unlike there the client learns where the cursor stands, so that it can go on from there in another call.
 */
final class FeedCalls {
    /** A client that is told nothing because nothing passes its filter still hears where it is, so that it grows not too old. */
    private static final long SILENT_APPENDS = 10_000;

    /** How many times more changes are merged of what has happened already. */
    private static final int BACKLOG_FACTOR = 16;

    private final Journal journal;
    private final ChangeHub hub;
    private final CommandLoops loops;
    private final Scheduler scheduler;
    private final Authorizer authorizer;
    private final FeedLimits limits;

    FeedCalls(
            Journal journal,
            ChangeHub hub,
            CommandLoops loops,
            Scheduler scheduler,
            Authorizer authorizer,
            FeedLimits limits) {
        this.journal = journal;
        this.hub = hub;
        this.loops = loops;
        this.scheduler = scheduler;
        this.authorizer = authorizer;
        this.limits = limits;
    }

    /** What one message tells of. */
    private record Part(List<Change> changes, int newsBytes) {}

    private record Beginning(ChangesReply.Start how, FeedPlace place) {}

    Flux<ChangesReply> changes(Principal principal, ChangesRequest in) {
        return Flux.defer(() -> {
            authorizer.check(principal, "bc/read", AccessScope.name("allaggsig"));
            FeedFilter filter = new FeedFilter(journal, loops, in);
            int newsBytes = newsBytes(in);
            return beginning(in)
                    .publishOn(scheduler)
                    .flatMapMany(beginning ->
                            following(beginning.place(), filter, newsBytes).startWith(first(beginning)))
                    .concatWith(Mono.error(ChangeHub::shutdown))
                    .takeUntilOther(hub.closing());
        });
    }

    /** Where not everybody may read everything, events are left to be read: that has its own checks. */
    private int newsBytes(ChangesRequest in) {
        return authorizer == Authorizer.ALLOW_ALL
                ? (int) Math.min(Integer.toUnsignedLong(in.getEventBytes()), limits.messageBytes())
                : 0;
    }

    private static ChangesReply first(Beginning beginning) {
        return ChangesReply.newBuilder()
                .setStart(beginning.how())
                .setPosition(beginning.place().message())
                .build();
    }

    /** Where to begin; taken before the client hears anything, so what happens after the first message is in the feed. */
    private Mono<Beginning> beginning(ChangesRequest in) {
        return Mono.defer(() -> {
            if (!in.hasAfter()) {
                return now(ChangesReply.Start.START_NOW);
            }
            FeedPlace asked = FeedPlace.of(in.getAfter());
            long newest = journal.position();
            if (asked.append() < 0 || asked.append() > newest || asked.streams() < 0) {
                return now(ChangesReply.Start.START_UNKNOWN_POSITION);
            }
            if (newest - asked.append() > limits.oldestPosition()) {
                return now(ChangesReply.Start.START_POSITION_TOO_OLD);
            }
            return FeedPlace.behind(journal, asked.append())
                    .flatMap(here -> here.event().equals(asked.event())
                            ? Mono.just(new Beginning(ChangesReply.Start.START_RESUMED, asked))
                            : now(ChangesReply.Start.START_UNKNOWN_POSITION));
        });
    }

    private Mono<Beginning> now(ChangesReply.Start how) {
        return FeedPlace.behind(journal, journal.position()).map(place -> new Beginning(how, place));
    }

    private Flux<ChangesReply> following(FeedPlace place, FeedFilter filter, int newsBytes) {
        Progress progress = new Progress(place);
        // Not where the client is: that may still be behind what the backlog has brought when it ends.
        Fetched fetched = new Fetched(place);
        Flux<List<Change>> live = Flux.defer(() -> Coalescing.of(fetched.place.changes(journal), limits.mergedChanges())
                .publishOn(scheduler, 1));
        // Who comes back reads an entity once, however often it has changed.
        return Flux.concat(
                        backlog(place, fetched).map(changes -> new Part(changes, 0)),
                        live.map(changes -> new Part(changes, newsBytes)))
                .concatMap(part -> filter.of(part.changes()).mapNotNull(passes -> progress.message(part, passes)), 1);
    }

    /**
     * What has happened already, up to the first change of the newest append: where that ends cannot be seen. Merged in large
     * parts, for a client that comes back shall hear of each entity once and read it once.
     */
    private Flux<List<Change>> backlog(FeedPlace place, Fetched fetched) {
        long newest = journal.position();
        return place.append() >= newest
                ? Flux.empty()
                : place.changes(journal)
                        .takeUntil(change -> change.position() >= newest)
                        .doOnNext(change -> fetched.advance(change))
                        .buffer(limits.mergedChanges() * BACKLOG_FACTOR);
    }

    /** How far the backlog has been read; by one thread at a time. */
    private static final class Fetched {
        private volatile FeedPlace place;

        Fetched(FeedPlace place) {
            this.place = place;
        }

        void advance(Change change) {
            place = place.next(change);
        }
    }

    /** How far one client is; used by one message at a time. */
    private final class Progress {
        private FeedPlace place;
        private long told;

        Progress(FeedPlace place) {
            this.place = place;
            this.told = place.append();
        }

        /** One id for each entity that passes, in the order of the first change; null if that is none and nothing is due. */
        @Nullable
        ChangesReply message(Part part, Predicate<StreamId> passes) {
            Set<UUID> entities = new LinkedHashSet<>();
            FeedNews news = new FeedNews(journal, part.newsBytes());
            for (Change change : part.changes()) {
                place = place.next(change);
                if (passes.test(change.stream())) {
                    entities.add(change.stream().entity());
                    news.add(change);
                }
            }
            if (entities.isEmpty() && place.append() - told < SILENT_APPENDS) {
                return null;
            }
            told = place.append();
            return ChangesReply.newBuilder()
                    .setPosition(place.message())
                    .setEntities(UnsafeByteOperations.unsafeWrap(packed(entities)))
                    .addAllNews(news.message())
                    .build();
        }

        private static byte[] packed(Set<UUID> entities) {
            ByteBuffer buffer = ByteBuffer.allocate(entities.size() * EntityIds.BYTES);
            entities.forEach(entity ->
                    buffer.putLong(entity.getMostSignificantBits()).putLong(entity.getLeastSignificantBits()));
            return buffer.array();
        }
    }
}
