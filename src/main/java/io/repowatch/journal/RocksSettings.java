package io.repowatch.journal;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WALRecoveryMode;

/** The native settings of a store, which live as long as it does and are released with it. */
final class RocksSettings implements AutoCloseable {
    private static final int BLOOM_BITS = 10;
    private static final int METADATA_BYTES = 4 << 10;
    private static final int OPEN_FILES = 128;
    private static final long LOG_BYTES = 1 << 20;
    private static final long LOG_FILES = 2;

    private final Cache cache;
    private final BloomFilter filter;
    private final Options options;

    RocksSettings(EmbeddedConfig config, boolean create) {
        this(config.writeBufferBytes(), config.blockCacheBytes(), create);
    }

    RocksSettings(long writeBufferBytes, long blockCacheBytes, boolean create) {
        RocksLibrary.load();
        cache = new LRUCache(blockCacheBytes);
        filter = new BloomFilter(BLOOM_BITS);
        // Indexes and filters count against the cache, or they would grow with the number of streams; in parts, or a read
        // that finds the cache full would load the index and filter of a whole file, a hundred times what it looks for.
        BlockBasedTableConfig tables = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(filter)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setMetadataBlockSize(METADATA_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        options = new Options()
                .setCreateIfMissing(create)
                .setErrorIfExists(create)
                .setParanoidChecks(true)
                // Only a torn last record may be dropped; the default would drop everything behind a damaged one.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                // What a log holds may be in the system's memory only, if its sync failed: it is written anew, and
                // synced, before anything is built on it.
                .setAvoidFlushDuringRecovery(false)
                .setTableFormatConfig(tables)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(writeBufferBytes)
                .setMaxWriteBufferNumber(2)
                .setMaxOpenFiles(OPEN_FILES)
                .setMaxBackgroundJobs(2)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(LOG_BYTES)
                .setKeepLogFileNum(LOG_FILES)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    Options options() {
        return options;
    }

    @Override
    public void close() {
        options.close();
        filter.close();
        cache.close();
    }
}
