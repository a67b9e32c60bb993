package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One directory with many files: {@code -Drepowatch.largeFiles=100000} for the long form, which prints how long each part took. The
 * times are for people: no test depends on them.
 */
class LargeDirectoryTest {
    private static final int FILES = Integer.getInteger("repowatch.largeFiles", 3000);

    @TempDir
    Path directory;

    @Test
    void aLargeDirectoryIsMadeListedAndCompared() throws Exception {
        StorageFixture host = new StorageFixture(directory.toRealPath());
        for (int i = 0; i < FILES; i++) {
            Files.createFile(host.data.resolve("file-" + i + ".dat"));
        }
        // Recorded in seconds: the time must differ from that of the directory which takes its place below.
        Files.setLastModifiedTime(host.data, FileTime.fromMillis(1_600_000_000_000L));
        // A heap of 256 MiB, as small as the service may have.
        timed("made in a heap of 256 MiB", () -> {
            var made = new ChildJvm().run("init", host.shadowRoot.toString(), host.data.toString());
            assertThat(made.exit()).as(made.output()).isZero();
        });
        timed("looked at again in a heap of 256 MiB", () -> {
            var again = new ChildJvm().run("stat", host.shadowRoot.toString(), host.data.toString());
            assertThat(again.output()).isEqualTo("done false\n");
        });
        host.table.enable(host.info()).block(StorageFixture.LONG);
        try (ServicesFixture services = new ServicesFixture(host, 3)) {
            timed(
                    "listed",
                    () -> assertThat(services.listing().stream()
                                    .mapToInt(
                                            page -> ServicesFixture.paths(page).size())
                                    .sum())
                            .isEqualTo(FILES + 1));
            timed("compared", () -> assertThat(services.statusLines()).isEmpty());
            timed(
                    "counted",
                    () -> assertThat(ServicesFixture.get(
                                    services.call(
                                            "GitNog",
                                            "Summary",
                                            ServicesFixture.message(
                                                    "SummaryI", "repo", ServicesFixture.bytes(StorageFixture.REPO))),
                                    "num_files"))
                            .isEqualTo((long) FILES));
            Path renamed = Files.move(host.data, host.data.resolveSibling("away"));
            Files.createDirectory(host.data);
            Files.move(renamed.resolve("file-1.dat"), host.data.resolve("file-1.dat"));
            timed("found deleted", () -> assertThat(services.statusLines()).hasSize(FILES));
        }
    }

    private interface Part {
        void run() throws IOException, InterruptedException;
    }

    private static void timed(String what, Part part) throws IOException, InterruptedException {
        long start = System.nanoTime();
        part.run();
        if (FILES >= 10_000) {
            System.out.printf("%d files %s: %.1f s%n", FILES, what, (System.nanoTime() - start) / 1e9);
        }
    }
}
