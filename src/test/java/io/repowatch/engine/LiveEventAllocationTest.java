package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.repowatch.service.bench.IdlePath;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * What the engine allocates for a live event, from the wake-up to the sleep after it, where source, Scheduler and activity
 * allocate nothing. The counter is that of the thread, which JMH's gc profiler reads, too.
 */
class LiveEventAllocationTest {
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 50_000;

    private static double bytesPerEvent(int batch) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (IdlePath path = new IdlePath(1_000, batch)) {
            path.wake(WARM_UP);
            long handled = path.handled();
            long before = threads.getCurrentThreadAllocatedBytes();
            path.wake(MEASURED);
            long after = threads.getCurrentThreadAllocatedBytes();
            assertThat(path.handled() - handled).isEqualTo((long) MEASURED * batch);
            return (after - before) / (double) MEASURED / batch;
        }
    }

    @Test
    void aWakeUpForOneEventAllocatesAtMost200Bytes() {
        assertThat(bytesPerEvent(1)).as("bytes for each event").isLessThanOrEqualTo(200);
    }

    @Test
    void anEventOfABatchAllocatesAtMost200Bytes() {
        assertThat(bytesPerEvent(20)).as("bytes for each event").isLessThanOrEqualTo(200);
    }
}
