package io.repowatch.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;

/** An append that waits for its place and its sync. Handed from the caller to the writer thread, which settles it once. */
final class PendingAppend {
    private static final Logger LOG = LoggerFactory.getLogger(PendingAppend.class);

    // An event is more than its body; without this, events without bodies could make a group of any size.
    private static final int EVENT_BYTES = 128;

    private final List<Append> appends;
    private final MonoSink<Long> caller;
    private long position;
    private @Nullable RuntimeException refusal;

    PendingAppend(List<Append> appends, MonoSink<Long> caller) {
        this.appends = appends;
        this.caller = caller;
    }

    List<Append> appends() {
        return appends;
    }

    /** About how much it adds to a group. */
    long bytes() {
        long bytes = 0;
        for (Append append : appends) {
            for (StoredEvent event : append.events()) {
                bytes += EVENT_BYTES + event.body().length;
            }
        }
        return bytes;
    }

    /** It will have this position once its group is durable. */
    void accept(long newPosition) {
        position = newPosition;
    }

    /** It will not be stored. Told to the caller with its group, for the reason may lie in an append that is not yet durable. */
    void refuse(RuntimeException reason) {
        refusal = reason;
    }

    boolean isAccepted() {
        return refusal == null;
    }

    /** Tells the caller the outcome. */
    void settle() {
        RuntimeException reason = refusal;
        // What the caller does with the answer must not end the thread that answers the others.
        try {
            if (reason == null) {
                caller.success(position);
            } else {
                caller.error(reason);
            }
        } catch (Throwable e) {
            LOG.error("a subscriber of an append threw", e);
        }
    }
}
