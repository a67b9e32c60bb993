package io.repowatch.storage;

/**
 * How large a data directory may be when its repo is initialised (storage specification §3.2). What is counted depends on how
 * subdirectories are tracked: everything below the directory where all of it is entered, only its direct entries where
 * subdirectories are bundled or ignored, nothing where most is ignored.
 *
 * @param maxFiles the most entries, directories included; 0 means unlimited (the default)
 * @param maxBytes the most bytes in files and links, hard links counted once; 0 means unlimited (the default)
 */
public record InitLimits(long maxFiles, long maxBytes) {

    /** No limit at all. */
    public static final InitLimits UNLIMITED = new InitLimits(0, 0);

    /**
     * Both limits.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public InitLimits {
        if (maxFiles < 0) {
            throw new IllegalArgumentException("maxFiles must not be negative, but is " + maxFiles);
        }
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes must not be negative, but is " + maxBytes);
        }
    }
}
