package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.wire.v1.FeedPosition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A place in the change feed of one journal. The event makes it recognisable: ids are never used twice, so a journal that has
 * the same event at the same place has the same history up to it, and a restored one that has gone another way has not.
 *
 * @param append the append, 0 before the first
 * @param event the version that the append gave to its first stream; the epoch at 0
 * @param streams how many changes of the append lie before this place, 0 for all of them
 */
record FeedPlace(long append, Vid event, int streams) {
    static final FeedPlace START = new FeedPlace(0, Vid.EPOCH, 0);

    static FeedPlace of(FeedPosition position) {
        return new FeedPlace(position.getAppend(), WireFields.storedVid(position.getEvent()), position.getStreams());
    }

    /** The place behind an append that is durable. */
    static Mono<FeedPlace> behind(Journal journal, long append) {
        return append == 0
                ? Mono.just(START)
                : journal.changes(append - 1).next().map(first -> new FeedPlace(append, first.tail(), 0));
    }

    /** The place behind one more change. */
    FeedPlace next(Change change) {
        return change.position() == append
                ? new FeedPlace(append, event, streams + 1)
                : new FeedPlace(change.position(), change.tail(), 1);
    }

    /** The changes from here on. */
    Flux<Change> changes(Journal journal) {
        return streams == 0
                ? journal.changes(append)
                : journal.changes(append - 1).skip(streams);
    }

    FeedPosition message() {
        FeedPosition.Builder position =
                FeedPosition.newBuilder().setAppend(append).setStreams(streams);
        return append == 0
                ? position.build()
                : position.setEvent(WireFields.bytes(event)).build();
    }
}
