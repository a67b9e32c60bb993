package io.repowatch.service.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor time of this process and of those that it has started and seen end. */
final class ProcessorTime {
    private static final Path STAT = Path.of("/proc/self/stat");

    /** Of what the kernel tells, whatever its own clock: a hundredth of a second. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcessorTime() {}

    /** Of this process, in seconds. */
    static double own() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** Of the processes that have ended, in seconds; not a number where the system does not say. */
    static double ofChildren() throws IOException {
        if (!Files.exists(STAT)) {
            return Double.NaN;
        }
        String line = Files.readString(STAT);
        // The name of the program is in brackets and may hold anything; 13 fields further are the two that count.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return (Double.parseDouble(fields[13]) + Double.parseDouble(fields[14])) / TICKS_PER_SECOND;
    }
}
