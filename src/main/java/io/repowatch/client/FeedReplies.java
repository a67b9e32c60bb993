package io.repowatch.client;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.repowatch.wire.v1.FeedGrpc;
import io.repowatch.wire.v1.ReadReply;
import io.repowatch.wire.v1.ReadRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads messages of many events without a copy of each: an event is a slice of its message until it is decoded, once. */
final class FeedReplies implements MethodDescriptor.Marshaller<ReadReply> {
    private FeedReplies() {}

    static MethodDescriptor<ReadRequest, ReadReply> method() {
        MethodDescriptor<ReadRequest, ReadReply> method = FeedGrpc.getReadMethod();
        return method.toBuilder(method.getRequestMarshaller(), new FeedReplies())
                .build();
    }

    @Override
    public InputStream stream(ReadReply reply) {
        return new Encoded(reply.toByteArray());
    }

    @Override
    public ReadReply parse(InputStream stream) {
        try {
            CodedInputStream in =
                    UnsafeByteOperations.unsafeWrap(stream.readAllBytes()).newCodedInput();
            in.enableAliasing(true);
            return ReadReply.parseFrom(in);
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("a message of events is not readable")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private static final class Encoded extends ByteArrayInputStream implements KnownLength {
        Encoded(byte[] message) {
            super(message);
        }
    }
}
