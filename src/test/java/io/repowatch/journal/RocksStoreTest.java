package io.repowatch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBatch;
import reactor.core.scheduler.Schedulers;

class RocksStoreTest {
    private static final byte[] KEY = StoreKeys.change(1);
    private final EmbeddedConfig config =
            EmbeddedConfig.builder(Schedulers.immediate()).build();

    @TempDir
    Path temp;

    private static void put(RocksStore store, int count) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (int n = 1; n <= count; n++) {
                batch.put(StoreKeys.change(n), new byte[100]);
            }
            store.write(batch);
        }
    }

    @Test
    void everyWriteIsOneSyncOfTheLog() throws RocksDBException {
        RocksSettings settings = new RocksSettings(config, true);
        try (Statistics statistics = new Statistics()) {
            settings.options().setStatistics(statistics);
            try (RocksStore store = RocksStore.open(temp.resolve("store"), settings)) {
                long before = statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
                for (int n = 0; n < 5; n++) {
                    put(store, 10);
                }
                assertThat(statistics.getTickerCount(TickerType.WAL_FILE_SYNCED) - before)
                        .isEqualTo(5);
            }
        }
    }

    @Test
    void scanStopsAtEachOfItsLimits() throws RocksDBException {
        try (RocksStore store = RocksStore.create(temp.resolve("store"), config)) {
            put(store, 20);
            byte[] from = StoreKeys.change(3);
            assertThat(positions(store.scan(from, StoreKeys.change(9), 100, 1_000_000)))
                    .containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
            assertThat(positions(store.scan(from, StoreKeys.change(9), 2, 1_000_000)))
                    .containsExactly(3L, 4L);
            assertThat(positions(store.scan(from, StoreKeys.change(9), 100, 101)))
                    .containsExactly(3L, 4L);
            assertThat(positions(store.scan(from, StoreKeys.change(9), 100, 1))).containsExactly(3L);
            assertThat(store.scan(StoreKeys.change(21), StoreKeys.changesEnd(), 9, 9))
                    .isEmpty();
            assertThat(store.keyUpTo(StoreKeys.changesEnd())).isEqualTo(StoreKeys.change(20));
            assertThat(store.keyUpTo(StoreKeys.change(7))).isEqualTo(StoreKeys.change(7));
            assertThat(store.keyUpTo(StoreKeys.change(0))).isNull();
        }
    }

    private static List<Long> positions(List<RocksStore.Entry> entries) {
        return entries.stream().map(entry -> StoreKeys.position(entry.key())).toList();
    }

    @Test
    void inspectedStoreIsReadAndNotWritten() throws RocksDBException {
        Path directory = temp.resolve("store");
        try (RocksStore store = RocksStore.create(directory, config)) {
            put(store, 1);
        }
        try (RocksStore store = RocksStore.inspect(directory, config)) {
            assertThat(store.get(KEY)).hasSize(100);
            assertThatThrownBy(() -> put(store, 2)).isInstanceOf(RocksDBException.class);
        }
    }

    @Test
    void storeIsNeitherMadeWhereOneIsNorOpenedWhereNoneIs() {
        Path directory = temp.resolve("store");
        assertThatThrownBy(() -> RocksStore.open(directory, config))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("backup");
        RocksStore.create(directory, config).close();
        assertThatThrownBy(() -> RocksStore.create(directory, config)).isInstanceOf(JournalException.class);
    }

    @Test
    void closedStoreFailsInsteadOfTouchingFreedMemory() {
        RocksStore store = RocksStore.create(temp.resolve("store"), config);
        store.close();
        store.close();
        assertThatThrownBy(() -> store.get(KEY)).hasMessageContaining("closed");
        assertThatThrownBy(() -> store.scan(KEY, StoreKeys.changesEnd(), 1, 1)).hasMessageContaining("closed");
        assertThatThrownBy(() -> store.keyUpTo(KEY)).hasMessageContaining("closed");
        assertThatThrownBy(() -> put(store, 1)).hasMessageContaining("closed");
    }

    @Test
    void configurationOutOfRangeIsNamed() {
        EmbeddedConfig.Builder builder = EmbeddedConfig.builder(Schedulers.immediate());
        assertThatThrownBy(() -> builder.groupBytes(0).build()).hasMessageContaining("groupBytes must be from 1");
        assertThatThrownBy(() -> builder.groupBytes(1).writeBufferBytes(1).build())
                .hasMessageContaining("writeBufferBytes")
                .hasMessageEndingWith("not 1");
        assertThatThrownBy(() -> builder.writeBufferBytes(1 << 20)
                        .blockCacheBytes(1L << 40)
                        .build())
                .hasMessageContaining("blockCacheBytes");
        assertThatThrownBy(() -> EmbeddedConfig.builder(Schedulers.immediate())
                        .recentBytes(-1)
                        .build())
                .hasMessageContaining("recentBytes")
                .hasMessageEndingWith("not -1");
    }
}
