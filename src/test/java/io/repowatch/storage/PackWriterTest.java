package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written into a pack is read back by JGit and by git, and nothing of it is there before. */
class PackWriterTest {
    private static final long SEED = 11;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private StorageFixture host;
    private Path objects;

    @BeforeEach
    void makeShadow() throws IOException {
        host = new StorageFixture(directory.toRealPath());
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        objects = host.shadow().resolve(".git/objects");
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(objects)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private long objectsOf(Path pack) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(pack)).getInt(8);
    }

    @Test
    void objectsOfEverySizeAreReadBack() throws Exception {
        Map<ObjectId, byte[]> written = new LinkedHashMap<>();
        try (ShadowRepo repo = ShadowRepo.open(host.shadow());
                ObjectReader reader = repo.reader()) {
            try (PackWriter pack = repo.newPack()) {
                TreeFormatter tree = new TreeFormatter();
                // Around what is stored as it is, what the buffer holds, and what is written in parts.
                int[] sizes = {0, 1, 15, 16, 127, 128, 129, 2047, 2048, 8191, 8193, 262_143, 262_144, 900_000};
                for (int size : sizes) {
                    byte[] content = bytes(size);
                    ObjectId id = pack.insert(Constants.OBJ_BLOB, content);
                    written.put(id, content);
                    tree.append(String.format("f%07d", size), FileMode.REGULAR_FILE, id);
                }
                byte[] streamed = bytes(700_001);
                ObjectId large = pack.insert(Constants.OBJ_BLOB, streamed.length, new ByteArrayInputStream(streamed));
                written.put(large, streamed);
                tree.append("streamed", FileMode.REGULAR_FILE, large);
                ObjectId last = ObjectId.fromString(
                        host.git().run("rev-parse", "master-stat").strip());
                ObjectId commit = new CommitWriter(
                                new GitUser("A", "a@example.org"), new GitUser("C", "c@example.org"), host.now)
                        .write(pack, pack.insert(tree), last, "test", "");
                repo.publish(pack);
                repo.advance(Branch.STAT, last, commit);
            }
            for (Map.Entry<ObjectId, byte[]> each : written.entrySet()) {
                assertThat(reader.open(each.getKey()).getBytes())
                        .as("seed %d", SEED)
                        .isEqualTo(each.getValue());
            }
        }
        host.git().requireClean();
        assertThat(files()).as("two packs with their indexes").hasSize(4);
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() throws Exception {
        byte[] small = bytes(50);
        byte[] large = bytes(300_000);
        try (ShadowRepo repo = ShadowRepo.open(host.shadow())) {
            Path first;
            try (PackWriter pack = repo.newPack()) {
                for (int i = 0; i < 3; i++) {
                    pack.insert(Constants.OBJ_BLOB, small);
                    pack.insert(Constants.OBJ_BLOB, large.length, new ByteArrayInputStream(large));
                }
                first = pack.publish();
            }
            assertThat(objectsOf(first)).isEqualTo(2);
            assertThat(Files.size(first)).isLessThan(301_000);
        }
        try (ShadowRepo repo = ShadowRepo.open(host.shadow());
                PackWriter pack = repo.newPack()) {
            pack.insert(Constants.OBJ_BLOB, small);
            pack.insert(Constants.OBJ_BLOB, large.length, new ByteArrayInputStream(large));
            pack.insert(Constants.OBJ_BLOB, small);
            assertThat(pack.publish()).as("nothing new").isNull();
        }
        assertThat(files()).hasSize(4);
    }

    @Test
    void whatIsNotPublishedLeavesNothingBehind() throws Exception {
        List<Path> before = files();
        try (ShadowRepo repo = ShadowRepo.open(host.shadow());
                PackWriter pack = repo.newPack()) {
            pack.insert(Constants.OBJ_BLOB, bytes(50));
            assertThat(files()).as("one temporary file").hasSize(before.size() + 1);
            assertThatThrownBy(() -> pack.insert(Constants.OBJ_BLOB, 20_000, new ByteArrayInputStream(bytes(19_999))))
                    .isInstanceOf(EOFException.class);
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void anInitWritesNineFilesHoweverManyAreInTheData() throws Exception {
        int files = 2000;
        for (int i = 0; i < files; i++) {
            host.file("file-" + i, i % 100);
        }
        Durable.delete(host.shadow());
        AtomicLong looks = new AtomicLong();
        host.progress = (repo, entries, bytes) -> looks.set(entries);
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);

        assertThat(looks).as("entries looked at, each once").hasValue(files + 1);
        try (Stream<Path> all = Files.walk(host.shadow())) {
            assertThat(all.filter(Files::isRegularFile))
                    .as("files of the shadow")
                    .hasSize(9);
        }
        Path pack = files().stream()
                .filter(file -> file.toString().endsWith(".pack"))
                .findFirst()
                .orElseThrow();
        assertThat(objectsOf(pack))
                .as("a text for each file, two trees, two commits, two texts")
                .isBetween(files + 5L, files + 6L);
        assertThat(Files.size(pack) / files).as("bytes per file").isLessThan(120);
        host.git().requireClean();
    }
}
