package io.repowatch.storage;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * The long reads of one kind that are open, a bounded number of them. An open read costs memory and file handles, but no thread
 * and no lock: each page is a task of its own, begun when the reader has taken the one before. A reader that takes nothing for a
 * minute gives its place to a new one, so that nobody can keep the others out. Thread-safe.
 */
final class PagedReads {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String what;
    private final int limit;
    private final BlockingWork blocking;
    private final InstantSource clock;
    private final Set<PagedRead<?>> open = new HashSet<>();

    PagedReads(String what, int limit, BlockingWork blocking, InstantSource clock) {
        this.what = what;
        this.limit = limit;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * Pages of 64 items, then one with the rest, which may be empty. Reads one page ahead of the demand at most. Fails with
     * {@link BusyException} if too many reads are open.
     */
    <T> Flux<List<T>> pages(Cursor.Opener<T> opener) {
        return Flux.defer(() -> {
            PagedRead<T> read = new PagedRead<>(opener, blocking, clock, this::forget);
            admit(read);
            return read.pages();
        });
    }

    private void admit(PagedRead<?> read) {
        Optional<PagedRead<?>> displaced = Optional.empty();
        synchronized (this) {
            if (open.size() >= limit) {
                displaced = longestIdle(clock.instant().minus(PATIENCE));
                if (displaced.isEmpty()) {
                    throw new BusyException(limit + " " + what + " are open already; try again later");
                }
                open.remove(displaced.get());
            }
            open.add(read);
        }
        displaced.ifPresent(idle -> idle.displace("nothing was read for a minute, and others wait; ask again"));
    }

    private Optional<PagedRead<?>> longestIdle(Instant before) {
        return open.stream()
                .filter(read -> read.idleSince().isBefore(before))
                .min(Comparator.comparing(PagedRead::idleSince));
    }

    private synchronized void forget(PagedRead<?> read) {
        open.remove(read);
    }

    /** How many are open. */
    synchronized int size() {
        return open.size();
    }
}
