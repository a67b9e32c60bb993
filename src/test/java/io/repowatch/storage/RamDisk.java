package io.repowatch.storage;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** A file system that has no immutable attribute. A test that may not mount one is skipped and says so. */
final class RamDisk implements AutoCloseable {
    private final Path directory;

    private RamDisk(Path directory) {
        this.directory = directory;
    }

    static RamDisk mount(Path directory) throws Exception {
        assumeTrue(
                run("mount", "-t", "ramfs", "ramfs", directory.toString()),
                "skipped: mounting is not permitted here; run as root to test without the immutable attribute");
        return new RamDisk(directory);
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    @Override
    public void close() throws Exception {
        if (!run("umount", directory.toString())) {
            run("umount", "-l", directory.toString());
        }
    }
}
