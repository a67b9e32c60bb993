package io.repowatch.service.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** Events at an even rate, and how long each takes from its acknowledgement until it is seen. Sent by one thread, seen by any. */
final class Traffic {
    private static final long DEADLINE = 60_000_000_000L;

    private final AtomicLongArray acknowledged;
    private final AtomicLongArray seen;
    private final AtomicInteger unseen = new AtomicInteger();
    private final int rate;
    private int sent;

    /** At most so many events, so many in a second. */
    Traffic(int most, int rate) {
        this.acknowledged = new AtomicLongArray(most);
        this.seen = new AtomicLongArray(most);
        this.rate = rate;
    }

    void acknowledged(int number) {
        acknowledged.set(number, System.nanoTime());
    }

    void seen(int number) {
        if (seen.getAndSet(number, System.nanoTime()) == 0) {
            unseen.decrementAndGet();
        }
    }

    /** Sends as long as it is wanted and there are events, then waits until all are seen. */
    void send(IntConsumer sender, BooleanSupplier wanted) throws IOException {
        long start = System.nanoTime();
        while (sent < seen.length() && wanted.getAsBoolean()) {
            long due = (System.nanoTime() - start) * rate / 1_000_000_000L;
            for (; sent <= due && sent < seen.length(); sent++) {
                unseen.incrementAndGet();
                sender.accept(sent);
            }
            LockSupport.parkNanos(500_000);
        }
        long end = System.nanoTime();
        while (unseen.get() > 0) {
            if (System.nanoTime() - end > DEADLINE) {
                throw new IOException(unseen.get() + " of " + sent + " events were not seen within a minute");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    int sent() {
        return sent;
    }

    /** The processor time of this process so far, in nanoseconds. */
    static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** The latencies of the events from number {@code first} on, in milliseconds; one that was seen before its acknowledgement took none. */
    String figures(int first) {
        double[] millis = new double[Math.max(1, sent - first)];
        for (int i = first; i < sent; i++) {
            millis[i - first] = Math.max(0, seen.get(i) - acknowledged.get(i)) / 1e6;
        }
        return " events=" + millis.length + " p50=" + Report.percentile(millis, 0.5) + " p99="
                + Report.percentile(millis, 0.99) + " max=" + Report.percentile(millis, 1);
    }
}
