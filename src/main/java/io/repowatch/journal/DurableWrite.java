package io.repowatch.journal;

import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** How a batch of records becomes durable: the seam at which a test holds, counts or fails a sync. */
@FunctionalInterface
interface DurableWrite {

    /** Returns when the batch is on disk, whole; throws if it is not known to be. Blocks. */
    void write(WriteBatch batch) throws RocksDBException;
}
