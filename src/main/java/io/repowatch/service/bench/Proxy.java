package io.repowatch.service.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Passes bytes to a port of this machine and back, until its connections are cut. */
final class Proxy implements AutoCloseable {
    private static final int BUFFER = 64 << 10;

    private final ServerSocket server;
    private final int target;
    private volatile boolean held;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    Proxy(int target) throws IOException {
        this.server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        this.target = target;
        start("accept", this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(String name, Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (IOException e) {
                        // The connection was cut, which ends this thread.
                        return;
                    }
                },
                "bench-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Body {
        void run() throws IOException;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket registry = new Socket(InetAddress.getLoopbackAddress(), target);
            for (Socket socket : new Socket[] {client, registry}) {
                socket.setTcpNoDelay(true);
                sockets.add(socket);
            }
            start("up", () -> pass(client, registry));
            start("down", () -> pass(registry, client));
        }
    }

    private void pass(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!held) {
                    out.write(buffer, 0, length);
                }
            }
        }
    }

    /** From now on what is sent goes nowhere, until the connections are cut. */
    void hold() {
        held = true;
    }

    /** Ends all connections; new ones are taken at once. */
    void cut() {
        held = false;
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
