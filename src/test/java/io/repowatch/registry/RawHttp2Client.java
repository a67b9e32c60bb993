package io.repowatch.registry;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Just enough HTTP/2 to send pings without a call and see whether the server minds. Closes its socket at the end. */
final class RawHttp2Client implements AutoCloseable {
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int ACK = 1;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    RawHttp2Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, new byte[0]);
    }

    private void send(int type, int flags, byte[] payload) throws IOException {
        byte[] frame = ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(0)
                .put(payload)
                .array();
        out.write(frame);
        out.flush();
    }

    /** Pings once and waits: empty if the server answered the ping, otherwise what it said when it sent us away. */
    String ping() throws IOException {
        try {
            send(PING, 0, new byte[8]);
        } catch (SocketException e) {
            // Sent away already: why is still to be read.
        }
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.readInt();
            byte[] payload = in.readNBytes(length);
            if (type == SETTINGS && flags != ACK) {
                send(SETTINGS, ACK, new byte[0]);
            } else if (type == PING && flags == ACK) {
                return "";
            } else if (type == GOAWAY) {
                return new String(payload, 8, length - 8, StandardCharsets.US_ASCII);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
