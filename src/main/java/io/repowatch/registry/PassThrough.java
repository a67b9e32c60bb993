package io.repowatch.registry;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;

/**
 * A service whose streaming methods answer with bytes that are encoded already. To clients it is the same service: only the
 * step that would turn messages into bytes is left out.
 */
final class PassThrough {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();

    private final ServerServiceDefinition typed;
    private final Map<String, ServerMethodDefinition<?, ?>> methods = new LinkedHashMap<>();

    PassThrough(ServerServiceDefinition typed) {
        this.typed = typed;
    }

    /** Answers a server-streaming method with encoded messages. */
    <I, O> PassThrough with(MethodDescriptor<I, O> method, Function<I, Flux<byte[]>> answer) {
        MethodDescriptor<I, byte[]> encoded =
                method.toBuilder(method.getRequestMarshaller(), BYTES).build();
        methods.put(
                method.getFullMethodName(),
                ServerMethodDefinition.create(
                        encoded,
                        ServerCalls.asyncServerStreamingCall((I request, io.grpc.stub.StreamObserver<byte[]> client) ->
                                com.salesforce.reactorgrpc.stub.ServerCalls.oneToMany(
                                        request, client, answer, RegistryErrors::toStatus))));
        return this;
    }

    /** Leaves the whole call of a method to a handler that sends encoded messages. */
    <I, O> PassThrough with(MethodDescriptor<I, O> method, ServerCallHandler<I, byte[]> handler) {
        MethodDescriptor<I, byte[]> encoded =
                method.toBuilder(method.getRequestMarshaller(), BYTES).build();
        methods.put(method.getFullMethodName(), ServerMethodDefinition.create(encoded, handler));
        return this;
    }

    ServerServiceDefinition definition() {
        ServiceDescriptor old = typed.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(old.getName());
        if (old.getSchemaDescriptor() != null) {
            descriptor.setSchemaDescriptor(old.getSchemaDescriptor());
        }
        Map<String, ServerMethodDefinition<?, ?>> all = new LinkedHashMap<>();
        for (ServerMethodDefinition<?, ?> method : typed.getMethods()) {
            String name = method.getMethodDescriptor().getFullMethodName();
            ServerMethodDefinition<?, ?> chosen = methods.getOrDefault(name, method);
            all.put(name, chosen);
            descriptor.addMethod(chosen.getMethodDescriptor());
        }
        ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(descriptor.build());
        all.values().forEach(definition::addMethod);
        return definition.build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new EncodedMessage(message);
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
    private static final class EncodedMessage extends ByteArrayInputStream implements KnownLength {
        EncodedMessage(byte[] message) {
            super(message);
        }
    }
}
