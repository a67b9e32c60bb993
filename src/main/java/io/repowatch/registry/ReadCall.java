package io.repowatch.registry;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.repowatch.journal.StoredEvent;
import io.repowatch.registry.ServedRead.Fetched;
import io.repowatch.wire.v1.ReadCredit;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadRequest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One call that carries many reads, written by hand because operators for each read cost several times what the read itself
 * does. Requests, fetched events and the transport's signals go into queues; one thread at a time drains them: the transport's,
 * when it brings something, or one of the scheduler, when something was fetched. Whatever has been fetched meanwhile goes out in
 * one message, up to a size, when the transport is ready.
 *
 * <p>What a client can make it hold is bounded: the number of reads; of each, the events being fetched; and when all that is
 * too much, because the client does not take it, no read fetches more. Requests are taken one at a time, and none while
 * refusals pile up.
 */
final class ReadCall extends ServerCall.Listener<ReadRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(ReadCall.class);
    private static final int MAX_WAITING = 1024;

    private final ServerCall<ReadRequest, byte[]> call;
    private final Function<ReadOpen, Flux<StoredEvent>> source;
    private final FeedLimits limits;
    private final Scheduler scheduler;
    private final Disposable.Swap closing = Disposables.swap();

    private final Queue<ReadRequest> requests = new ConcurrentLinkedQueue<>();
    private final Queue<Fetched> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicBoolean due = new AtomicBoolean();
    private volatile boolean halfClosed;
    private volatile boolean cancelled;
    private volatile @Nullable Status failure;

    // Confined to the one thread that drains.
    private final Map<Long, ServedRead> reads = new HashMap<>();
    private final ArrayDeque<Fetched> outgoing = new ArrayDeque<>();
    private final ArrayDeque<ServedRead> waiting = new ArrayDeque<>();
    private long held;
    private long lastRead = -1;
    private boolean owesRequest;
    private boolean ended;

    ReadCall(
            ServerCall<ReadRequest, byte[]> call,
            Function<ReadOpen, Flux<StoredEvent>> source,
            FeedLimits limits,
            Scheduler scheduler) {
        this.call = call;
        this.source = source;
        this.limits = limits;
        this.scheduler = scheduler;
    }

    /** Begins; {@code shutdown} ends in error when the server goes down. */
    void start(Mono<Void> shutdown) {
        call.sendHeaders(new Metadata());
        call.request(1);
        closing.update(shutdown.subscribe(nothing -> {}, error -> fail(ReadCall.status(error))));
    }

    private static Status status(Throwable error) {
        return Status.fromThrowable(RegistryErrors.toStatus(error));
    }

    private void fail(Status status) {
        failure = status;
        drain();
    }

    @Override
    public void onMessage(ReadRequest request) {
        requests.add(request);
        drain();
    }

    @Override
    public void onHalfClose() {
        halfClosed = true;
        drain();
    }

    @Override
    public void onReady() {
        drain();
    }

    @Override
    public void onCancel() {
        cancelled = true;
        drain();
    }

    @Override
    public void onComplete() {
        onCancel();
    }

    /** Takes what a read has fetched; what others have fetched until the scheduler gets to it is sent together with it. */
    void fetched(Fetched fetched) {
        arrived.add(fetched);
        if (due.compareAndSet(false, true)) {
            try {
                scheduler.schedule(this::drainDue);
            } catch (RejectedExecutionException e) {
                // The scheduler is disposed: the client still gets what is there, or its end.
                drainDue();
            }
        }
    }

    private void drainDue() {
        due.set(false);
        drain();
    }

    private void drain() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            if (!ended) {
                step();
            }
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void step() {
        if (cancelled) {
            end();
            return;
        }
        try {
            for (ReadRequest request = requests.poll(); request != null; request = requests.poll()) {
                take(request);
            }
            collect();
            send();
            fetchMore();
            Status status = failure;
            if (status != null) {
                close(status);
            } else if (halfClosed && requests.isEmpty() && reads.isEmpty() && outgoing.isEmpty() && arrived.isEmpty()) {
                close(Status.OK);
            }
        } catch (RuntimeException e) {
            LOG.error("a call of reads failed for a reason that is not the client's", e);
            close(Status.INTERNAL.withDescription("internal error"));
        }
    }

    private void take(ReadRequest request) {
        for (ReadCredit credit : request.getCreditList()) {
            ServedRead read = reads.get(credit.getRead());
            if (read != null) {
                read.addCredit(Integer.toUnsignedLong(credit.getEvents()));
                await(read);
            }
        }
        for (long id : request.getCancelList()) {
            forget(id);
        }
        for (ReadOpen open : request.getOpenList()) {
            open(open);
        }
        owesRequest = true;
    }

    private void open(ReadOpen open) {
        long id = open.getRead();
        if (id <= lastRead) {
            fail(Status.INVALID_ARGUMENT.withDescription(
                    "read " + id + " does not come after read " + lastRead + "; number the reads of a call upwards"));
            return;
        }
        lastRead = id;
        ServedRead read = new ServedRead(
                id, Integer.toUnsignedLong(open.getCredit()), Math.max(1, limits.messageBytes() / 2), this);
        if (reads.size() >= limits.reads()) {
            ReadParts.End refused = new ReadParts.End(Status.RESOURCE_EXHAUSTED.withDescription(
                    "too many reads at a time: a call has " + limits.reads() + " of them"));
            outgoing.add(new Fetched(read, List.of(), 0, refused, true));
            return;
        }
        reads.put(id, read);
        source.apply(open).subscribe(read);
        await(read);
    }

    /** Lets a read fetch when there is room, if it does not do so already and may. */
    private void await(ServedRead read) {
        if (read.idle && read.hasCredit()) {
            read.idle = false;
            waiting.add(read);
        }
    }

    private void forget(long id) {
        ServedRead read = reads.remove(id);
        if (read != null) {
            read.cancel();
        }
    }

    /** Takes over what has been fetched of reads that are still wanted. */
    private void collect() {
        for (Fetched fetched = arrived.poll(); fetched != null; fetched = arrived.poll()) {
            if (!fetched.read().isCancelled()) {
                outgoing.add(fetched);
                held += fetched.bytes();
            }
        }
    }

    private void send() {
        while (!outgoing.isEmpty() && call.isReady()) {
            ReadParts message = new ReadParts();
            while (!outgoing.isEmpty() && message.size() < limits.messageBytes()) {
                put(outgoing.remove(), message);
            }
            if (!message.isEmpty()) {
                call.sendMessage(message.message());
            }
        }
        if (owesRequest && outgoing.size() < MAX_WAITING) {
            owesRequest = false;
            call.request(1);
        }
    }

    private void put(Fetched fetched, ReadParts message) {
        held -= fetched.bytes();
        ServedRead read = fetched.read();
        if (read.isCancelled()) {
            return;
        }
        message.add(read.id, fetched.events(), fetched.end());
        if (fetched.end() != null) {
            reads.remove(read.id, read);
        } else if (fetched.done()) {
            read.idle = true;
            await(read);
        }
    }

    private void fetchMore() {
        while (!waiting.isEmpty() && held < limits.heldBytes()) {
            ServedRead read = waiting.remove();
            if (!read.isCancelled()) {
                read.fetch(limits.readEvents(reads.size()));
            }
        }
    }

    private void close(Status status) {
        if (!ended) {
            call.close(status, new Metadata());
            end();
        }
    }

    private void end() {
        ended = true;
        closing.dispose();
        reads.values().forEach(ServedRead::cancel);
        reads.clear();
        outgoing.clear();
        waiting.clear();
    }
}
