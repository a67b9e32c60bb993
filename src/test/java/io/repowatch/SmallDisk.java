package io.repowatch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file system of its own that is soon full. A test that may not mount one is skipped and says so. */
public final class SmallDisk implements AutoCloseable {
    private final Path directory;
    private final Path filler;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve("filler");
    }

    /** Mounts a file system in memory at a directory that exists. */
    public static SmallDisk mount(Path directory, int kibibytes) throws IOException, InterruptedException {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "tmpfs", directory.toString()),
                "skipped: mounting a tmpfs is not permitted here; run as root to test a full disk");
        return new SmallDisk(directory);
    }

    /** The root of the file system. */
    public Path path() {
        return directory;
    }

    /** Leaves at most this much free. */
    public void fill(long bytesLeft) throws IOException {
        long excess = Files.getFileStore(directory).getUsableSpace() - bytesLeft;
        if (excess > 0) {
            try {
                Files.write(filler, new byte[Math.toIntExact(excess)]);
            } catch (IOException e) {
                // A journal that tidies up there may take the room meanwhile; then less than that is free.
                if (Files.getFileStore(directory).getUsableSpace() > bytesLeft) {
                    throw e;
                }
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void makeRoom() throws IOException {
        Files.deleteIfExists(filler);
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (!run("umount", directory.toString()) && !run("umount", "-l", directory.toString())) {
            throw new IllegalStateException("cannot unmount " + directory);
        }
    }
}
