package io.repowatch.archfixture.engine;

import com.google.protobuf.ByteString;
import io.grpc.Status;

final class SpeaksGrpc {
    static boolean status(Object value) {
        return Status.OK.equals(value);
    }

    static boolean message(Object value) {
        return ByteString.EMPTY.equals(value);
    }
}
