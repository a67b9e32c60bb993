package io.repowatch.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The checksum that git puts at the end of packs and their indexes. */
final class PackChecksum {
    private static final int BYTES = 20;
    private static final int BUFFER = 64 << 10;

    private PackChecksum() {}

    /**
     * Checks a copy of a pack or an index; any other file is fine.
     *
     * @param original what an error names
     */
    static void require(Path original, Path copy) throws IOException {
        String name = copy.getFileName().toString();
        if (name.startsWith("pack-") && (name.endsWith(".pack") || name.endsWith(".idx")) && !isRight(copy)) {
            throw new IOException(
                    "the shadow repo is damaged: " + PathBytes.printable(original) + " fails its checksum");
        }
    }

    private static boolean isRight(Path file) throws IOException {
        MessageDigest digest = sha1();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            byte[] buffer = new byte[BUFFER];
            for (long left = Files.size(file) - BYTES; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(left, BUFFER));
                if (read < 0) {
                    return false;
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
            return Arrays.equals(digest.digest(), in.readNBytes(BYTES));
        }
    }

    static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
