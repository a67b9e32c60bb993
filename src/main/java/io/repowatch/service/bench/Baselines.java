package io.repowatch.service.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** What a durable append is measured beside: each writes some events and comes back when they are on the disk. */
final class Baselines {
    private Baselines() {}

    /** The disk alone: an event at the end of a file, and its sync. */
    static final class Disk implements Pace.Work, AutoCloseable {
        private final FileChannel file;
        private final byte[] event;

        Disk(Path path, byte[] event) throws IOException {
            this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            this.event = event;
        }

        @Override
        public void run() throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(event);
            while (rest.hasRemaining()) {
                file.write(rest);
            }
            file.force(false);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** RocksDB with the same write buffer as a journal has: one record for each event. */
    static final class Rocks implements Pace.Work, AutoCloseable {
        private final Options options;
        private final RocksDB store;
        private final WriteOptions synced = new WriteOptions().setSync(true);
        private final byte[] event;
        private final int events;
        private long next;

        Rocks(Path directory, byte[] event, int events) throws RocksDBException {
            RocksDB.loadLibrary();
            options = new Options().setCreateIfMissing(true).setWriteBufferSize(4 << 20);
            store = RocksDB.open(options, directory.toString());
            this.event = event;
            this.events = events;
        }

        @Override
        public void run() throws RocksDBException {
            try (WriteBatch batch = new WriteBatch()) {
                for (int i = 0; i < events; i++) {
                    batch.put(ByteBuffer.allocate(Long.BYTES).putLong(next++).array(), event);
                }
                store.write(synced, batch);
            }
        }

        @Override
        public void close() {
            store.close();
            synced.close();
            options.close();
        }
    }

    /** A database behind JDBC: one row for each event, and a commit. */
    static final class Sql implements Pace.Work, AutoCloseable {
        private final Connection connection;
        private final PreparedStatement insert;
        private final int events;

        private Sql(Connection connection, byte[] event, int events) throws SQLException {
            this.connection = connection;
            this.events = events;
            connection.setAutoCommit(false);
            insert = connection.prepareStatement("insert into events (body) values (?)");
            insert.setBytes(1, event);
        }

        static Sql sqlite(Path file, byte[] event, int events) throws SQLException {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma journal_mode=WAL");
                statement.execute("pragma synchronous=FULL");
                statement.execute("create table events (id integer primary key, body blob not null)");
            }
            return new Sql(connection, event, events);
        }

        /** A connection to a server that has the table. */
        static Sql postgres(String url, byte[] event) throws SQLException {
            return new Sql(DriverManager.getConnection(url), event, 1);
        }

        @Override
        public void run() throws SQLException {
            for (int i = 0; i < events; i++) {
                insert.executeUpdate();
            }
            connection.commit();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** Whether a driver for such a URL is there. */
    static boolean hasDriver(String url) {
        try {
            DriverManager.getDriver(url);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}
