package io.repowatch.storage;

import java.util.Locale;

/** Finds the system calls, or says what is missing. */
final class NativeCalls {
    private NativeCalls() {}

    /**
     * The calls.
     *
     * @throws UnsupportedOperationException if this machine has none; the text says what to do
     */
    static Posix require() {
        if (!isSupportedPlatform()) {
            throw new UnsupportedOperationException("moving and freezing need Linux on x86-64 or aarch64, but this is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
        }
        try {
            return Posix.INSTANCE;
        } catch (LinkageError e) {
            throw new UnsupportedOperationException(
                    "moving and freezing need native calls: put net.java.dev.jna:jna on the class path, and let"
                            + " -Djna.tmpdir name a directory that may be written and executed from (" + e + ")",
                    e);
        }
    }

    /** Whether {@link #require} would find them. */
    static boolean available() {
        try {
            require();
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private static boolean isSupportedPlatform() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return System.getProperty("os.name", "").startsWith("Linux")
                && (arch.equals("amd64") || arch.equals("x86_64") || arch.equals("aarch64"));
    }
}
