package io.repowatch.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.repowatch.wire.v1.ReadCredit;
import io.repowatch.wire.v1.ReadPart;
import io.repowatch.wire.v1.ReadReply;
import io.repowatch.wire.v1.ReadRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * One call that carries many reads. What reads want to say goes into a queue; the timer's thread turns all that is there into
 * one message, whenever the transport is ready: the busier it is, the more goes together. Ends when the server or the transport
 * ends it, and all its reads with it.
 */
final class FeedCall extends ClientCall.Listener<ReadReply> {
    private final ClientCall<ReadRequest, ReadReply> call;
    private final ClientConfig config;
    private final Queue<Said> said = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();

    /** A sending is on its way to the timer's thread: what is said until it gets there needs none of its own. */
    private final AtomicBoolean due = new AtomicBoolean();

    private final Map<Long, FeedRead<?>> reads = new ConcurrentHashMap<>();
    private final Disposable.Swap watching = Disposables.swap();
    private volatile @Nullable Status ended;

    // Confined to the one thread that sends.
    private final Map<FeedRead<?>, Long> ids = new HashMap<>();
    private long lastId;

    /** What a read wants: to be opened, to be closed, or so much more credit. */
    private record Said(FeedRead<?> read, int events) {}

    private static final int OPEN = -1;
    private static final int CLOSE = -2;
    private static final int FORGET = -3;

    FeedCall(Channel channel, ClientConfig config) {
        this.call = channel.newCall(FeedReplies.method(), CallOptions.DEFAULT);
        this.config = config;
    }

    void start() {
        call.start(this, new Metadata());
        call.request(2);
        // Half of the limit, so that nothing stays silent for longer than one and a half times that.
        long step = Math.max(1, config.readTimeout().toNanos() / 2);
        watching.update(config.timer().schedulePeriodically(this::endSilent, step, step, TimeUnit.NANOSECONDS));
    }

    boolean isEnded() {
        return ended != null;
    }

    void open(FeedRead<?> read) {
        say(read, OPEN);
    }

    void cancel(FeedRead<?> read) {
        say(read, CLOSE);
    }

    void credit(FeedRead<?> read, int events) {
        say(read, events);
    }

    private void say(FeedRead<?> read, int what) {
        said.add(new Said(read, what));
        if (due.compareAndSet(false, true)) {
            try {
                config.timer().schedule(this::sendDue);
            } catch (RejectedExecutionException e) {
                // The timer is disposed: what closes reads is still to be said.
                sendDue();
            }
        }
    }

    private void sendDue() {
        due.set(false);
        drain();
    }

    private void drain() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            Status over = ended;
            if (over != null) {
                refuse(over);
            } else if (call.isReady()) {
                send();
            }
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void send() {
        ReadRequest.Builder message = ReadRequest.newBuilder();
        long now = Timing.nanos(config.timer());
        boolean empty = true;
        for (Said next = said.poll(); next != null; next = said.poll()) {
            empty &= !put(next, message, now);
        }
        if (!empty) {
            call.sendMessage(message.build());
        }
    }

    private boolean put(Said next, ReadRequest.Builder message, long now) {
        FeedRead<?> read = next.read();
        if (next.events() == OPEN) {
            if (read.isCancelled()) {
                return false;
            }
            long id = ++lastId;
            ids.put(read, id);
            reads.put(id, read);
            read.waits(now);
            message.addOpen(read.opening(id));
            return true;
        }
        Long id = next.events() >= 0 ? ids.get(read) : ids.remove(read);
        if (id == null || next.events() == FORGET) {
            return false;
        }
        if (next.events() == CLOSE) {
            reads.remove(id);
            message.addCancel(id);
        } else {
            read.credited(next.events(), now);
            message.addCredit(ReadCredit.newBuilder().setRead(id).setEvents(next.events()));
        }
        return true;
    }

    /** Nothing can be said any more: reads that are not told yet are told now. */
    private void refuse(Status over) {
        for (Said next = said.poll(); next != null; next = said.poll()) {
            if (next.events() == OPEN) {
                next.read().broken(over.asRuntimeException());
            }
        }
        ids.clear();
    }

    @Override
    public void onReady() {
        drain();
    }

    @Override
    public void onMessage(ReadReply reply) {
        long now = Timing.nanos(config.timer());
        for (ReadPart part : reply.getPartsList()) {
            FeedRead<?> read = reads.get(part.getRead());
            if (read != null && read.receive(part, now)) {
                reads.remove(part.getRead());
                say(read, part.getEnd() == ReadPart.End.END_MORE ? CLOSE : FORGET);
            }
        }
        call.request(1);
    }

    private void endSilent() {
        long now = Timing.nanos(config.timer());
        long limit = config.readTimeout().toNanos();
        reads.forEach((id, read) -> {
            if (read.endIfSilent(now, limit)) {
                reads.remove(id);
                say(read, CLOSE);
            }
        });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        ended = status.isOk() ? Status.UNAVAILABLE.withDescription("the server ended the reads") : status;
        watching.dispose();
        drain();
        reads.values().forEach(read -> read.broken(failure()));
        reads.clear();
    }

    private Throwable failure() {
        Status status = ended;
        return (status == null ? Status.UNKNOWN : status).asRuntimeException();
    }
}
