package io.repowatch.client;

import com.salesforce.reactorgrpc.stub.ReactorCallOptions;
import io.grpc.stub.AbstractStub;

/** Tells a stub how far its streams read ahead. */
final class Prefetch {
    private Prefetch() {}

    static <S extends AbstractStub<S>> S of(S stub, ClientConfig config) {
        // More is requested when three quarters are consumed; the stub wants that to be less than all of them.
        return stub.withOption(ReactorCallOptions.CALL_OPTIONS_PREFETCH, config.prefetch())
                .withOption(ReactorCallOptions.CALL_OPTIONS_LOW_TIDE, config.prefetch() * 3 / 4);
    }
}
