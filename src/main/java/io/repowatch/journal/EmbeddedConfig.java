package io.repowatch.journal;

import java.util.Objects;
import reactor.core.scheduler.Scheduler;

/**
 * How an {@link EmbeddedJournal} works. Immutable.
 *
 * @param reads where streams are read and feeds are served; its threads block on the disk, so never one of Reactor's
 *     non-blocking schedulers. It stays the caller's, who disposes of it after the journal is closed
 * @param writeBufferBytes how much is held in memory before it is sorted into files; twice as much may be in use. Default
 *     4 MiB, from 64 KiB to 256 MiB
 * @param blockCacheBytes how much of the files is kept in memory. Default 8 MiB, from 64 KiB to 1 GiB
 * @param groupBytes how many bytes of events one sync takes at most, plus the last append that begins below it. Default
 *     1 MiB, from 1 B to 64 MiB
 * @param recentBytes how many bytes of what was appended last are kept in memory for those who follow, beyond the changes of
 *     the last 1,024 appends. Default 2 MiB, from 0 to 256 MiB
 */
public record EmbeddedConfig(
        Scheduler reads, long writeBufferBytes, long blockCacheBytes, long groupBytes, long recentBytes) {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public EmbeddedConfig {
        Objects.requireNonNull(reads, "reads");
        requireRange("writeBufferBytes", writeBufferBytes, 64 * KIB, 256 * MIB);
        requireRange("blockCacheBytes", blockCacheBytes, 64 * KIB, 1024 * MIB);
        requireRange("groupBytes", groupBytes, 1, 64 * MIB);
        requireRange("recentBytes", recentBytes, 0, 256 * MIB);
    }

    /** Starts with the defaults. */
    public static Builder builder(Scheduler reads) {
        return new Builder(reads);
    }

    private static void requireRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", not " + value);
        }
    }

    /** Collects the settings; see {@link EmbeddedConfig} for their meaning. Not thread-safe. */
    public static final class Builder {
        private final Scheduler reads;
        private long writeBufferBytes = 4 * MIB;
        private long blockCacheBytes = 8 * MIB;
        private long groupBytes = MIB;
        private long recentBytes = 2 * MIB;

        private Builder(Scheduler reads) {
            this.reads = reads;
        }

        /** Sets {@link EmbeddedConfig#writeBufferBytes}. */
        public Builder writeBufferBytes(long bytes) {
            writeBufferBytes = bytes;
            return this;
        }

        /** Sets {@link EmbeddedConfig#blockCacheBytes}. */
        public Builder blockCacheBytes(long bytes) {
            blockCacheBytes = bytes;
            return this;
        }

        /** Sets {@link EmbeddedConfig#groupBytes}. */
        public Builder groupBytes(long bytes) {
            groupBytes = bytes;
            return this;
        }

        /** Sets {@link EmbeddedConfig#recentBytes}. */
        public Builder recentBytes(long bytes) {
            recentBytes = bytes;
            return this;
        }

        /** @throws IllegalArgumentException if a number is out of its range; the message names it */
        public EmbeddedConfig build() {
            return new EmbeddedConfig(reads, writeBufferBytes, blockCacheBytes, groupBytes, recentBytes);
        }
    }
}
