package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.repowatch.id.Vid;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.BcChange;
import io.repowatch.wire.nogfso.BroadcastEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The channel of announcements as a view of the feed of changes (registry specification §6.2): nothing is written for it, so
 * it cannot lag, and goes back as far as the journal does. One reader's cursor: used by one read at a time. Changes of one
 * entity that are read together are announced once, so readers may see different ids; each can be read on from.
 */
final class Announcements {
    /** Streams of one event each: announcements that are no change of anything in the journal. */
    static final byte GIT_REFS = 32;

    /** How many changes are looked at together. */
    private static final int WINDOW = 256;

    private final Journal journal;
    private long done;
    private Vid last;
    private @Nullable Vid sought;

    /** Reads what follows the append at {@code position}, the last of whose announcements is taken to be {@code last}. */
    Announcements(Journal journal, long position, Vid last) {
        this.journal = journal;
        this.done = position;
        this.last = last;
    }

    /** Reads what follows an announcement, which has to exist. */
    static Announcements after(Journal journal, Vid id) {
        long at = AnnouncementIds.position(id);
        if (at < 1 || at > journal.position()) {
            throw unknown();
        }
        Announcements cursor = new Announcements(journal, at - 1, id);
        cursor.sought = id;
        return cursor;
    }

    private static RuntimeException unknown() {
        return WireFields.rejected(
                Status.Code.OUT_OF_RANGE, "broadcast journal error: db: finding start failed: not found");
    }

    /** Emits the announcements that there are now, some at a time, and completes when caught up. */
    Flux<List<BroadcastEvent>> drain() {
        return Flux.defer(() -> {
            Numbering numbering = new Numbering(done);
            return journal.changesNow(done)
                    .map(numbering::next)
                    .filter(this::isNews)
                    .filter(numbered -> type(numbered.change().stream()) != null)
                    .buffer(WINDOW)
                    .concatMap(this::announced, 1)
                    .concatWith(Flux.defer(() -> {
                        // Whole appends were read, so the next read begins with the next one.
                        done = numbering.position;
                        return sought == null ? Flux.empty() : Flux.error(unknown());
                    }));
        });
    }

    /** Leaves out what comes before the announcement that was asked for, and that itself. */
    private boolean isNews(Numbered numbered) {
        if (sought == null) {
            return true;
        }
        if (numbered.id().equals(sought)) {
            sought = null;
        } else if (numbered.change().position() > AnnouncementIds.position(sought)) {
            throw unknown();
        }
        return false;
    }

    /** A change with its id. */
    private record Numbered(Change change, Vid id) {}

    /** Counts the changes of each append. */
    private static final class Numbering {
        private long position;
        private int index;

        Numbering(long position) {
            this.position = position;
        }

        Numbered next(Change change) {
            index = change.position() == position ? index + 1 : 0;
            position = change.position();
            return new Numbered(change, AnnouncementIds.of(change, index));
        }
    }

    private static BroadcastEvent.@Nullable Type type(StreamId stream) {
        if (stream.category() == GIT_REFS) {
            return BroadcastEvent.Type.EV_BC_FSO_GIT_REF_UPDATED;
        }
        Category category = Category.of(stream);
        if (category == null) {
            return null;
        }
        return switch (category) {
            case MAIN -> BroadcastEvent.Type.EV_BC_FSO_MAIN_CHANGED;
            case REGISTRY -> BroadcastEvent.Type.EV_BC_FSO_REGISTRY_CHANGED;
            case REPO -> BroadcastEvent.Type.EV_BC_FSO_REPO_CHANGED;
            case WORKFLOW, EPHEMERAL_WORKFLOW -> null;
        };
    }

    private Mono<List<BroadcastEvent>> announced(List<Numbered> window) {
        return Flux.fromIterable(newestOfEach(window)).concatMap(this::event).collectList();
    }

    private static List<Numbered> newestOfEach(List<Numbered> window) {
        Set<StreamId> seen = new HashSet<>();
        List<Numbered> newest = new ArrayList<>();
        for (int i = window.size() - 1; i >= 0; i--) {
            if (seen.add(window.get(i).change().stream())) {
                newest.add(0, window.get(i));
            }
        }
        return newest;
    }

    private Mono<BroadcastEvent> event(Numbered numbered) {
        StreamId stream = numbered.change().stream();
        Mono<BcChange> change = stream.category() == GIT_REFS
                ? gitRef(stream)
                : Mono.just(BcChange.newBuilder()
                        .setEntityId(WireFields.bytes(stream.entity()))
                        .build());
        return change.map(body -> BroadcastEvent.newBuilder()
                .setEvent(type(stream))
                .setId(WireFields.bytes(numbered.id()))
                .setParent(WireFields.bytes(follow(numbered.id())))
                .setBcChange(body)
                .build());
    }

    private Vid follow(Vid id) {
        Vid parent = last;
        last = id;
        return parent;
    }

    private Mono<BcChange> gitRef(StreamId stream) {
        return journal.read(stream, Vid.EPOCH).next().map(stored -> {
            try {
                return BroadcastEvent.parseFrom(stored.body()).getBcChange();
            } catch (InvalidProtocolBufferException e) {
                throw new JournalException(
                        JournalException.Kind.DAMAGED, "failed to parse protobuf: event " + stored.id(), e);
            }
        });
    }
}
