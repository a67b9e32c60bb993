package io.repowatch.journal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/** The native library of RocksDB, which must be loaded before any class with native memory is touched. */
final class RocksLibrary {
    private static boolean loaded;

    private RocksLibrary() {}

    /** @throws JournalException if it cannot be loaded */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        try {
            unpackAndLoad();
            loaded = true;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new JournalException(
                    "cannot load the native library of RocksDB: " + e
                            + "; it is unpacked to java.io.tmpdir, which must be writable and allow execution",
                    e);
        }
    }

    private static void unpackAndLoad() throws IOException {
        Path directory = Files.createTempDirectory("repowatch-rocksdb");
        try {
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } finally {
            delete(directory.toFile());
        }
        RocksDB.loadLibrary();
    }

    /** The loader deletes its file when the process ends in order; each one that is killed would leave 15 MB behind. */
    private static void delete(File directory) {
        File[] files = directory.listFiles();
        for (File file : files == null ? new File[0] : files) {
            deleteNowOrLater(file);
        }
        deleteNowOrLater(directory);
    }

    private static void deleteNowOrLater(File file) {
        // Where a loaded library cannot be deleted, it has to wait for the end of the process.
        if (!file.delete()) {
            file.deleteOnExit();
        }
    }
}
