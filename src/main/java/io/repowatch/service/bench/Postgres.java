package io.repowatch.service.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of our own in a directory of the benchmark, as Debian packages it, with its defaults. Closing it ends it. */
final class Postgres implements AutoCloseable {
    static final String DRIVER = "jdbc:postgresql:";

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final int CONNECTIONS = 100;
    private static final int TRIES = 300;
    private static final long WAIT_MILLIS = 100;

    private final Process process;
    private final int port;

    private Postgres(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where the programs of the newest version are; empty if it is not installed. */
    static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    /** Makes a database with a table for events and serves it on loopback. */
    static Postgres start(Path programs, Workshop workshop) throws IOException, InterruptedException, SQLException {
        // The server refuses to be root, so another user needs the way to its directory.
        Files.setPosixFilePermissions(workshop.directory(), PosixFilePermissions.fromString("rwx--x--x"));
        Path parent = workshop.folder("postgres");
        Path data = parent.resolve("data");
        if (isRoot()) {
            Files.setOwner(
                    parent,
                    parent.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        Process made = run(
                workshop,
                List.of(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + data,
                        "--username=bench",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C"));
        if (made.waitFor() != 0) {
            throw new IOException("initdb failed; see " + workshop.log());
        }
        int port = freePort();
        Process server = run(
                workshop,
                List.of(
                        programs.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "port=" + port,
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=on",
                        "-c",
                        "max_connections=" + CONNECTIONS));
        Postgres postgres = new Postgres(server, port);
        try {
            postgres.makeTable();
        } catch (IOException | InterruptedException | SQLException e) {
            postgres.close();
            throw e;
        }
        return postgres;
    }

    String url() {
        return DRIVER + "//127.0.0.1:" + port + "/postgres?user=bench";
    }

    private void makeTable() throws IOException, InterruptedException, SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table events (id bigserial primary key, body bytea not null)");
        }
    }

    /** Waits for the server to be up. */
    private Connection connect() throws IOException, InterruptedException, SQLException {
        for (int i = 1; ; i++) {
            try {
                return DriverManager.getConnection(url());
            } catch (SQLException e) {
                if (!process.isAlive()) {
                    throw new IOException("the PostgreSQL server has ended; see the log", e);
                }
                if (i == TRIES) {
                    throw e;
                }
                Thread.sleep(WAIT_MILLIS);
            }
        }
    }

    private static Process run(Workshop workshop, List<String> command) throws IOException {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
        }
        all.addAll(command);
        return new ProcessBuilder(all)
                .directory(workshop.directory().resolve("postgres").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(workshop.log().toFile()))
                .start();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Connections must be closed before: the server waits for them, then writes what it has and ends. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.onExit().join();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
