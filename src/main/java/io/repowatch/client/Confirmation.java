package io.repowatch.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The first sign that the server has taken up one streaming call: response headers or a message, whichever comes first. For
 * one call only.
 */
final class Confirmation implements ClientInterceptor {
    private final Sinks.One<Boolean> sign = Sinks.one();
    private final AtomicBoolean settled = new AtomicBoolean();

    /** Emits once the sign has come; completes empty if the call ends without. Any number of subscribers, early or late. */
    Mono<Boolean> sign() {
        return sign.asMono();
    }

    /** The sign has come. */
    void confirm() {
        if (settled.compareAndSet(false, true)) {
            sign.emitValue(true, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** The call has ended; no sign will come any more. */
    void giveUp() {
        if (settled.compareAndSet(false, true)) {
            sign.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    @Override
    public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<O> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onHeaders(Metadata responseHeaders) {
                                confirm();
                                super.onHeaders(responseHeaders);
                            }
                        },
                        headers);
            }
        };
    }
}
