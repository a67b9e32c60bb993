package io.repowatch.journal;

import io.repowatch.id.Vid;
import io.repowatch.journal.StoreRecords.Head;
import org.jspecify.annotations.Nullable;

/**
 * Checks a whole store while somebody goes through its records in the order of their keys: each by its checksum and all against each other, so
 * that what passes is a journal without gaps. The kinds come one after the other: changes, events, head, places, tails.
 */
final class StoreCheck {
    private final RocksStore store;
    private long position;
    private @Nullable Head head;
    private Vid newest = Vid.EPOCH;

    private @Nullable StreamId current;
    private byte kind;
    private Tail seen = Tail.EMPTY;
    private long withEvents;
    private long withPlaces;
    private long withTails;

    StoreCheck(RocksStore store) {
        this.store = store;
    }

    /** Takes the next record. Fails with {@link JournalException}, which names what is damaged or missing. */
    void next(RocksStore.Entry entry) {
        byte[] key = entry.key();
        if (!StoreKeys.isWellFormed(key)) {
            throw JournalException.damaged("it has a record that format version 1 does not know");
        }
        if (key[0] != kind) {
            endStream();
            kind = key[0];
        }
        switch (kind) {
            case StoreKeys.CHANGE -> change(key, entry.value());
            case StoreKeys.EVENT -> event(key, entry.value());
            case StoreKeys.PLACE -> place(key, entry.value());
            case StoreKeys.TAIL -> tail(key, entry.value());
            default -> head = StoreRecords.head(key, entry.value());
        }
    }

    /** After the last record: the head of what is complete. */
    Head end() {
        endStream();
        Head last = head;
        if (last == null) {
            throw JournalException.damaged("its head record is missing");
        }
        if (last.position() != position) {
            throw JournalException.damaged("its last change record is not that of position " + last.position());
        }
        if (!last.newest().equals(newest)) {
            throw JournalException.damaged("its greatest event id is " + newest + ", not " + last.newest());
        }
        if (withEvents != withTails || withEvents != withPlaces) {
            throw JournalException.damaged("it has events of " + withEvents + " streams, index entries of " + withPlaces
                    + " and tail records of " + withTails);
        }
        return last;
    }

    private void change(byte[] key, byte[] value) {
        position++;
        if (StoreKeys.position(key) != position) {
            throw missing(StoreKeys.change(position));
        }
        for (Change change : StoreRecords.changes(key, value)) {
            require(StoreKeys.place(change.stream(), change.tail()));
        }
    }

    private void event(byte[] key, byte[] value) {
        enter(StoreKeys.stream(key));
        if (StoreKeys.place(key) != seen.count()) {
            throw missing(StoreKeys.event(StoreKeys.stream(key), seen.count()));
        }
        Vid id = StoreRecords.event(key, value).id();
        newest = greater(newest, id);
        seen = seen.plus(id);
    }

    private void place(byte[] key, byte[] value) {
        StreamId stream = StoreKeys.stream(key);
        enter(stream);
        byte[] event = StoreKeys.event(stream, StoreRecords.place(key, value));
        if (!StoreRecords.event(event, require(event)).id().equals(StoreKeys.id(key))) {
            throw JournalException.damaged(StoreKeys.describe(key) + " names another event");
        }
        seen = seen.plus(StoreKeys.id(key));
    }

    private void tail(byte[] key, byte[] value) {
        withTails++;
        StoreRecords.tail(key, value);
    }

    private void enter(StreamId stream) {
        if (!stream.equals(current)) {
            endStream();
            current = stream;
        }
    }

    private void endStream() {
        StreamId stream = current;
        if (stream == null) {
            return;
        }
        byte[] key = StoreKeys.tail(stream);
        Tail tail = StoreRecords.tail(key, require(key));
        if (kind == StoreKeys.EVENT) {
            withEvents++;
            if (tail.count() > seen.count()) {
                throw missing(StoreKeys.event(stream, seen.count()));
            }
            if (!tail.equals(seen)) {
                throw JournalException.damaged(StoreKeys.describe(key) + " names another event than its last");
            }
        } else {
            withPlaces++;
            if (tail.count() != seen.count()) {
                throw JournalException.damaged(
                        "stream " + stream + " has " + tail.count() + " events and " + seen.count() + " index entries");
            }
        }
        current = null;
        seen = Tail.EMPTY;
    }

    private byte[] require(byte[] key) {
        byte[] value = store.get(key);
        if (value == null) {
            throw missing(key);
        }
        return value;
    }

    private static Vid greater(Vid a, Vid b) {
        int high = Long.compareUnsigned(a.hi(), b.hi());
        int order = high != 0 ? high : Long.compareUnsigned(a.lo(), b.lo());
        return order >= 0 ? a : b;
    }

    private static JournalException missing(byte[] key) {
        return JournalException.damaged(StoreKeys.describe(key) + " is missing");
    }
}
