package io.repowatch.archfixture.client;

import org.rocksdb.CompressionType;

final class WritesToRocks {
    static boolean options(Object value) {
        return CompressionType.NO_COMPRESSION.equals(value);
    }
}
