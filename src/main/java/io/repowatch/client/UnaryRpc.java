package io.repowatch.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Calls with one answer. Unlike the generated stubs, a cancelled Mono cancels its call. */
final class UnaryRpc {
    private UnaryRpc() {}

    /** Cold: every subscription makes one call. */
    static <I, O> Mono<O> call(Channel channel, MethodDescriptor<I, O> method, I request) {
        return Mono.create(sink -> {
            ClientCall<I, O> call = channel.newCall(method, CallOptions.DEFAULT);
            ClientCalls.asyncUnaryCall(call, request, new Answer<>(sink));
            // Only now: a call that is cancelled before its start refuses to start.
            sink.onCancel(() -> call.cancel("the answer is no longer wanted", null));
        });
    }

    private static final class Answer<O> implements StreamObserver<O> {
        private final MonoSink<O> sink;
        private @Nullable O value;

        private Answer(MonoSink<O> sink) {
            this.sink = sink;
        }

        @Override
        public void onNext(O answer) {
            value = answer;
        }

        @Override
        public void onError(Throwable error) {
            sink.error(error);
        }

        @Override
        public void onCompleted() {
            sink.success(value);
        }
    }
}
