package io.repowatch.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.repowatch.wire.ContractTsv;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server on a real socket that knows the contract table and not our classes. It answers nothing by itself: a test takes each
 * call and says what happens to it.
 */
final class ForeignServer implements AutoCloseable {
    static final ContractTsv CONTRACT = ContractTsv.load();
    static final long PATIENCE_SECONDS = 20;

    private final Map<String, BlockingQueue<Exchange>> calls = new ConcurrentHashMap<>();
    private final Map<String, Consumer<Exchange>> answers = new ConcurrentHashMap<>();
    private final Set<String> unimplemented = ConcurrentHashMap.newKeySet();
    private final Server server;
    private final ManagedChannel channel;

    ForeignServer() throws IOException {
        this(0);
    }

    ForeignServer(int port) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .fallbackHandlerRegistry(new Rpcs())
                .build()
                .start();
        channel = Channels.plaintext(address());
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    /** A channel to this server, shut down with it. */
    ManagedChannel channel() {
        return channel;
    }

    /** Does not know {@code rpc} from now on. */
    void lacks(String rpc) {
        unimplemented.add(rpc);
    }

    /** Knows {@code rpc} again. */
    void offers(String rpc) {
        unimplemented.remove(rpc);
    }

    /** Answers every later call of {@code rpc} in the same way. */
    void always(String rpc, Consumer<Exchange> answer) {
        answers.put(rpc, answer);
    }

    /** The next call of {@code rpc} that the test has not taken yet; waits for it. */
    Exchange next(String rpc) {
        try {
            Exchange exchange = queue(rpc).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (exchange == null) {
                throw new AssertionError("nobody called " + rpc);
            }
            return exchange;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + rpc, e);
        }
    }

    /** Calls of {@code rpc} that the test has not taken. */
    int waiting(String rpc) {
        return queue(rpc).size();
    }

    private BlockingQueue<Exchange> queue(String rpc) {
        return calls.computeIfAbsent(rpc, key -> new LinkedBlockingQueue<>());
    }

    /** Ends the server and every call. */
    void stop() {
        server.shutdownNow();
        try {
            server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while a server stops", e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        stop();
    }

    /** A message of the contract from pairs of field name and value; a List fills a repeated field, an Integer an enum. */
    static DynamicMessage message(String type, Object... fields) {
        DynamicMessage.Builder message = CONTRACT.builder("nogfso." + type);
        for (int i = 0; i < fields.length; i += 2) {
            FieldDescriptor field = message.getDescriptorForType().findFieldByName((String) fields[i]);
            Object value = fields[i + 1];
            if (field.getJavaType() == FieldDescriptor.JavaType.ENUM && value instanceof Integer number) {
                value = field.getEnumType().findValueByNumberCreatingIfUnknown(number);
            }
            message.setField(field, value);
        }
        return message.build();
    }

    /** The value of a field. */
    static Object field(DynamicMessage message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    /** One call, from the server's side. */
    static final class Exchange {
        private final ServerCall<DynamicMessage, DynamicMessage> call;
        private final DynamicMessage request;
        private final CountDownLatch cancelled;
        private boolean headersSent;

        private Exchange(
                ServerCall<DynamicMessage, DynamicMessage> call, DynamicMessage request, CountDownLatch cancelled) {
            this.call = call;
            this.request = request;
            this.cancelled = cancelled;
        }

        Object asked(String field) {
            return field(request, field);
        }

        Exchange headers() {
            headersSent = true;
            call.sendHeaders(new Metadata());
            return this;
        }

        Exchange send(DynamicMessage message) {
            if (!headersSent) {
                headers();
            }
            call.sendMessage(message);
            return this;
        }

        boolean isReady() {
            return call.isReady();
        }

        void end() {
            fail(Status.OK);
        }

        void fail(Status status) {
            call.close(status, new Metadata());
        }

        boolean awaitCancelled() throws InterruptedException {
            return cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        boolean isCancelled() {
            return cancelled.getCount() == 0;
        }
    }

    private final class Rpcs extends HandlerRegistry {
        @Override
        public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
            if (unimplemented.contains(name)) {
                return null;
            }
            String[] parts = name.split("/", 2);
            return ServerMethodDefinition.create(CONTRACT.method(parts[0], parts[1]), new Handler(name));
        }
    }

    private final class Handler implements ServerCallHandler<DynamicMessage, DynamicMessage> {
        private final String rpc;

        private Handler(String rpc) {
            this.rpc = rpc;
        }

        @Override
        public ServerCall.Listener<DynamicMessage> startCall(
                ServerCall<DynamicMessage, DynamicMessage> call, Metadata headers) {
            CountDownLatch cancelled = new CountDownLatch(1);
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(DynamicMessage request) {
                    Exchange exchange = new Exchange(call, request, cancelled);
                    answers.getOrDefault(rpc, queue(rpc)::add).accept(exchange);
                }

                @Override
                public void onCancel() {
                    cancelled.countDown();
                }
            };
        }
    }
}
