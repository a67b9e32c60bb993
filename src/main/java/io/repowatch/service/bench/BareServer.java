package io.repowatch.service.bench;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A process that sends bytes from memory, as fast as grpc-java can with nothing to look up. Says {@code ready port=N}, ends when
 * its input does.
 */
final class BareServer {
    static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName("bench.Bytes/Stream")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private BareServer() {}

    /** Asks for so many messages of so many bytes. */
    static byte[] request(int messages, int bytes) {
        return ByteBuffer.allocate(8).putInt(messages).putInt(bytes).array();
    }

    public static void main(String[] args) throws IOException {
        Child.quiet();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("bench.Bytes")
                        .addMethod(METHOD, ServerCalls.asyncServerStreamingCall(BareServer::send))
                        .build())
                .build()
                .start();
        System.out.println("ready port=" + server.getPort());
        while (System.in.read() >= 0) {
            continue;
        }
        server.shutdownNow();
    }

    private static void send(byte[] request, StreamObserver<byte[]> replies) {
        ByteBuffer asked = ByteBuffer.wrap(request);
        int messages = asked.getInt();
        byte[] message = new byte[asked.getInt()];
        ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) replies;
        call.setOnReadyHandler(new Runnable() {
            private int sent;

            @Override
            public void run() {
                while (call.isReady() && sent < messages) {
                    sent++;
                    call.onNext(message);
                    if (sent == messages) {
                        call.onCompleted();
                    }
                }
            }
        });
    }

    /** Messages as they are. */
    static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new Message(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Knowing the length saves the transport from buffering the message to find it out. */
    private static final class Message extends ByteArrayInputStream implements KnownLength {
        Message(byte[] value) {
            super(value);
        }
    }
}
