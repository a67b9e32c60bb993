package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.BcChange;
import io.repowatch.wire.nogfso.BroadcastEvent;
import io.repowatch.wire.nogfso.BroadcastEventsI;
import io.repowatch.wire.nogfso.BroadcastEventsO;
import io.repowatch.wire.nogfso.PostGitRefUpdatedI;
import io.repowatch.wire.nogfso.PostGitRefUpdatedO;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The requests about the channel of announcements (registry specification §6.2). */
final class BroadcastCalls {
    private static final String CHANNEL = "all";

    /** Older announcements are not shown to who begins at the start. */
    private static final Duration SHOWN = Duration.ofDays(30);

    private static final int MAX_REF_BYTES = 4096;
    private static final int MAX_COMMIT_BYTES = 64;

    /** How many changes one look at the channel is for at most. */
    private static final int MERGED = 256;

    private final Journal journal;
    private final ChangeHub hub;
    private final Identities identities;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final Authorizer authorizer;

    BroadcastCalls(Journal journal, ChangeHub hub, Identities identities, RegistryConfig config) {
        this.journal = journal;
        this.hub = hub;
        this.identities = identities;
        this.scheduler = config.scheduler();
        this.clock = config.clock();
        this.authorizer = config.authorizer();
    }

    Flux<BroadcastEventsO> events(Principal principal, BroadcastEventsI in) {
        return Flux.defer(() -> {
            authorizer.check(principal, "bc/read", AccessScope.name(in.getChannel()));
            if (!in.getChannel().equals(CHANNEL)) {
                throw WireFields.invalid("invalid channel: \"" + in.getChannel() + "\"; the only one is " + CHANNEL);
            }
            Vid after = WireFields.after(in.getAfter());
            return start(after, in.getAfterNow())
                    .flatMapMany(cursor -> in.getWatch() ? watch(cursor) : drain(cursor))
                    .publishOn(scheduler, 1);
        });
    }

    private Mono<Announcements> start(Vid after, boolean afterNow) {
        if (afterNow) {
            return afterNow();
        }
        return after.isEpoch() ? begin() : Mono.fromSupplier(() -> Announcements.after(journal, after));
    }

    private Mono<Announcements> afterNow() {
        long now = journal.position();
        if (now == 0) {
            return Mono.error(WireFields.rejected(Status.Code.NOT_FOUND, "unknown or empty channel"));
        }
        return journal.changesNow(now - 1).next().map(change -> new Announcements(journal, now, idOf(change)));
    }

    /** The first append that is not too old. Ids grow with time, so it is found by halving. */
    private Mono<Announcements> begin() {
        Instant oldest = clock.instant().minus(SHOWN);
        return firstSince(oldest, 0, journal.position())
                .flatMap(hidden -> hidden == 0
                        ? Mono.just(new Announcements(journal, 0, Vid.EPOCH))
                        : journal.changesNow(hidden - 1)
                                .next()
                                .map(change -> new Announcements(journal, hidden, idOf(change))));
    }

    private static Vid idOf(Change change) {
        return AnnouncementIds.of(change, 0);
    }

    /** Emits the last position from {@code low} to {@code high} whose append is older, where that at {@code low} is. */
    private Mono<Long> firstSince(Instant oldest, long low, long high) {
        if (low >= high) {
            return Mono.just(low);
        }
        long middle = low + (high - low + 1) / 2;
        return journal.changesNow(middle - 1).next().flatMap(change -> {
            boolean isOlder = change.tail().timestampMillis() < oldest.toEpochMilli();
            return isOlder ? firstSince(oldest, middle, high) : firstSince(oldest, low, middle - 1);
        });
    }

    private static Flux<BroadcastEventsO> drain(Announcements cursor) {
        return cursor.drain().map(BroadcastCalls::message);
    }

    private Flux<BroadcastEventsO> watch(Announcements cursor) {
        boolean[] owed = {true};
        Mono<BroadcastEventsO> willBlock = Mono.defer(() -> {
            boolean now = owed[0];
            owed[0] = false;
            return now ? Mono.just(header().setWillBlock(true).build()) : Mono.empty();
        });
        Flux<List<Change>> news =
                Flux.concat(Mono.just(List.of()), Coalescing.of(journal.changes(journal.position()), MERGED));
        return news.publishOn(scheduler, 1)
                .concatMap(
                        changes -> drain(cursor)
                                .doOnNext(message -> owed[0] = true)
                                .concatWith(willBlock),
                        1)
                .concatWith(Mono.error(ChangeHub::shutdown))
                .takeUntilOther(hub.closing());
    }

    private static BroadcastEventsO.Builder header() {
        return BroadcastEventsO.newBuilder().setChannel(CHANNEL);
    }

    private static BroadcastEventsO message(List<BroadcastEvent> events) {
        return header().addAllEvents(events).build();
    }

    /** Answered once it is durable. */
    Mono<PostGitRefUpdatedO> postGitRefUpdated(Principal principal, PostGitRefUpdatedI in) {
        return Mono.defer(() -> {
            authorizer.check(principal, "bc/write", AccessScope.name(CHANNEL));
            BcChange change = BcChange.newBuilder()
                    .setEntityId(WireFields.bytes(WireFields.repo(in.getRepo())))
                    .setGitRef(ref(in.getRef()))
                    .setGitCommit(commit(in))
                    .build();
            return journal.append(List.of(announcement(change)))
                    .publishOn(scheduler)
                    .thenReturn(PostGitRefUpdatedO.getDefaultInstance());
        });
    }

    private Append announcement(BcChange change) {
        Vid id = identities.vid();
        BroadcastEvent event = BroadcastEvent.newBuilder()
                .setEvent(BroadcastEvent.Type.EV_BC_FSO_GIT_REF_UPDATED)
                .setId(WireFields.bytes(id))
                .setParent(WireFields.bytes(Vid.EPOCH))
                .setBcChange(change)
                .build();
        StreamId stream = new StreamId(Announcements.GIT_REFS, identities.uuid());
        return new Append(stream, Vid.EPOCH, List.of(new StoredEvent(id, event.toByteArray())));
    }

    private static String ref(String ref) {
        int bytes = ref.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_REF_BYTES) {
            throw WireFields.invalid("malformed ref: it has " + bytes + " bytes, not 1 to " + MAX_REF_BYTES);
        }
        return ref;
    }

    private static ByteString commit(PostGitRefUpdatedI in) {
        int bytes = in.getCommit().size();
        if (bytes == 0 || bytes > MAX_COMMIT_BYTES) {
            throw WireFields.invalid("malformed commit: it has " + bytes + " bytes, not 1 to " + MAX_COMMIT_BYTES);
        }
        return in.getCommit();
    }
}
