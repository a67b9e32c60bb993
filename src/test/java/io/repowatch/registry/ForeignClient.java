package io.repowatch.registry;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.repowatch.wire.ContractTsv;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Speaks to a server over TCP with nothing but the contract table: a program that has none of our classes. */
final class ForeignClient implements AutoCloseable {
    static final ContractTsv CONTRACT = ContractTsv.load();

    private final ManagedChannel channel;

    ForeignClient(int port) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .negotiationType(NegotiationType.PLAINTEXT)
                .build();
    }

    /** A message by its simple name, with names and values of fields in turn. */
    static DynamicMessage message(String name, Object... fields) {
        DynamicMessage.Builder builder = CONTRACT.builder("nogfso." + name);
        for (int i = 0; i < fields.length; i += 2) {
            builder.setField(field(builder.getDescriptorForType(), (String) fields[i]), fields[i + 1]);
        }
        return builder.build();
    }

    private static FieldDescriptor field(Descriptor type, String name) {
        FieldDescriptor field = type.findFieldByName(name);
        if (field == null) {
            throw new IllegalArgumentException("no field " + name + " in " + type.getFullName());
        }
        return field;
    }

    /** The value of a field, as the type that the caller knows it to have. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T> T get(DynamicMessage message, String field) {
        return (T) message.getField(field(message.getDescriptorForType(), field));
    }

    /** The name of an enum value in a field. */
    static String name(DynamicMessage message, String field) {
        return ((EnumValueDescriptor) get(message, field)).getName();
    }

    DynamicMessage call(String service, String method, DynamicMessage request) {
        return ClientCalls.blockingUnaryCall(channel, CONTRACT.method("nogfso." + service, method), options(), request);
    }

    /** The replies, as they come. */
    Iterator<DynamicMessage> open(String service, String method, DynamicMessage request) {
        return ClientCalls.blockingServerStreamingCall(
                channel, CONTRACT.method("nogfso." + service, method), options(), request);
    }

    /** All replies until the server ends the stream. */
    List<DynamicMessage> read(String service, String method, DynamicMessage request) {
        List<DynamicMessage> replies = new ArrayList<>();
        open(service, method, request).forEachRemaining(replies::add);
        return replies;
    }

    private static CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
