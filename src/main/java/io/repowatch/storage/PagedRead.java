package io.repowatch.storage;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One cursor, read page by page. Whoever ends the read, the cursor is closed on a worker, and after its last use. */
final class PagedRead<T> {
    static final int PAGE = 64;

    private final Cursor.Opener<T> opener;
    private final BlockingWork blocking;
    private final InstantSource clock;
    private final Consumer<PagedRead<?>> onClosed;
    private final Sinks.Empty<List<T>> displaced = Sinks.empty();
    private final List<T> items = new ArrayList<>(PAGE);
    private @Nullable Cursor<T> cursor;
    private boolean running;
    private Instant idleSince = Instant.MAX;
    private volatile boolean closed;

    /** Complete pages reach the reader; the others only say that the work goes on. */
    private record Page<T>(List<T> items, boolean complete, boolean last) {}

    PagedRead(Cursor.Opener<T> opener, BlockingWork blocking, InstantSource clock, Consumer<PagedRead<?>> onClosed) {
        this.opener = opener;
        this.blocking = blocking;
        this.clock = clock;
        this.onClosed = onClosed;
    }

    /** For one subscriber, once. */
    Flux<List<T>> pages() {
        return Flux.<Integer>generate(ticks -> ticks.next(0))
                .concatMap(tick -> slice(), 0)
                .takeUntil(Page::last)
                .filter(Page::complete)
                .map(Page::items)
                .takeUntilOther(displaced.asMono())
                .doFinally(signal -> close());
    }

    /** Ends the read with an error. */
    void displace(String why) {
        // Refused only if it was displaced before, which is as good.
        displaced.tryEmitError(new BusyException(why));
    }

    /** Since when its reader has not taken what is there; far in the future while work is queued or going on. */
    synchronized Instant idleSince() {
        return idleSince;
    }

    private Mono<Page<T>> slice() {
        synchronized (this) {
            idleSince = Instant.MAX;
        }
        return blocking.run(stopped -> {
            begin();
            try {
                return read();
            } finally {
                end();
            }
        });
    }

    private Page<T> read() throws Exception {
        Cursor<T> source = cursor;
        if (source == null) {
            source = opener.open(() -> closed);
            cursor = source;
        }
        boolean more = source.read(PAGE - items.size(), items::add);
        if (more && items.size() < PAGE) {
            return new Page<>(List.of(), false, false);
        }
        Page<T> page = new Page<>(List.copyOf(items), true, !more);
        items.clear();
        return page;
    }

    private synchronized void begin() {
        if (closed) {
            throw new CancellationException("the read was cancelled");
        }
        running = true;
    }

    private void end() {
        boolean closeNow;
        synchronized (this) {
            closeNow = running && closed;
            running = false;
            idleSince = clock.instant();
        }
        if (closeNow) {
            release();
        }
    }

    private void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (running) {
                return;
            }
        }
        blocking.later(this::release);
    }

    private void release() {
        try (Cursor<T> last = cursor) {
            cursor = null;
        } finally {
            onClosed.accept(this);
        }
    }
}
