package io.repowatch.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Watches one streaming call: that it has left for the server, and the first sign that the server has taken it up. The sign is
 * the response headers; a first message never comes without them. For one call only.
 */
final class Confirmation implements ClientInterceptor {
    private final Sinks.Empty<Void> sent = Sinks.empty();
    private final AtomicBoolean sentSettled = new AtomicBoolean();
    private final Sinks.One<Boolean> sign = Sinks.one();
    private final AtomicBoolean signSettled = new AtomicBoolean();

    /** Completes when the call has left, or has ended before. Any number of subscribers, early or late. */
    Mono<Void> sent() {
        return sent.asMono();
    }

    /** Emits once the sign has come; completes empty if the call ends without. Any number of subscribers, early or late. */
    Mono<Boolean> sign() {
        return sign.asMono();
    }

    private void confirm() {
        if (signSettled.compareAndSet(false, true)) {
            sign.emitValue(true, Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** The call has ended; nothing will come any more. */
    void giveUp() {
        if (signSettled.compareAndSet(false, true)) {
            sign.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }
        left();
    }

    private void left() {
        if (sentSettled.compareAndSet(false, true)) {
            sent.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    @Override
    public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options.withStreamTracerFactory(new Tracing()))) {
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

    private final class Tracing extends ClientStreamTracer.Factory {
        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void outboundHeaders() {
                    left();
                }
            };
        }
    }
}
