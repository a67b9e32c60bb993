package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.journal.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One read of a {@link ReadCall}: fetches a few events at a time from its stream, when the call says so, and hands over what it
 * has. The stream's thread and the call's share nothing but the subscription and the number that is asked for.
 */
final class ServedRead implements CoreSubscriber<StoredEvent> {
    final long id;
    private final ReadCall call;
    private final int handOverBytes;

    /** How many events the client still takes, beyond what is being fetched; only the call touches it. */
    private long credit;

    /** Nothing is being fetched or sent, because there is no credit or no room; only the call touches it. */
    boolean idle = true;

    private volatile @Nullable Subscription subscription;
    private volatile boolean cancelled;

    /** Written by the call before it requests, so the stream's thread sees it. */
    private int asked;

    private List<StoredEvent> events = List.of();
    private int count;
    private int bytes;

    /**
     * Some events, or the end, of a read.
     *
     * @param end null if the read goes on
     * @param done whether nothing more is being fetched
     */
    record Fetched(ServedRead read, List<StoredEvent> events, int bytes, ReadParts.@Nullable End end, boolean done) {}

    ServedRead(long id, long credit, int handOverBytes, ReadCall call) {
        this.id = id;
        this.credit = credit;
        this.handOverBytes = handOverBytes;
        this.call = call;
    }

    boolean hasCredit() {
        return credit > 0;
    }

    void addCredit(long more) {
        credit += more;
    }

    /** Asks the stream for as many events as the client takes, at most so many. */
    void fetch(int most) {
        idle = false;
        asked = (int) Math.min(credit, most);
        credit -= asked;
        Subscription stream = subscription;
        if (stream != null) {
            stream.request(asked);
        }
    }

    /** Closes the stream; whatever was handed over may be dropped. */
    void cancel() {
        cancelled = true;
        Subscription stream = subscription;
        if (stream != null) {
            stream.cancel();
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void onSubscribe(Subscription stream) {
        if (Operators.validate(subscription, stream)) {
            subscription = stream;
            if (cancelled) {
                stream.cancel();
            } else if (asked > 0) {
                stream.request(asked);
            }
        }
    }

    @Override
    public void onNext(StoredEvent event) {
        if (events.isEmpty()) {
            events = new ArrayList<>();
        }
        events.add(event);
        bytes += ReadParts.size(event);
        count++;
        if (count == asked || bytes >= handOverBytes) {
            handOver(null, count == asked);
        }
    }

    private void handOver(ReadParts.@Nullable End end, boolean done) {
        Fetched fetched = new Fetched(this, events, bytes, end, done);
        events = List.of();
        bytes = 0;
        if (done) {
            count = 0;
        }
        call.fetched(fetched);
    }

    @Override
    public void onError(Throwable error) {
        handOver(new ReadParts.End(Status.fromThrowable(RegistryErrors.toStatus(error))), true);
    }

    @Override
    public void onComplete() {
        handOver(ReadParts.End.CAUGHT_UP, true);
    }
}
