package io.repowatch;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What may block a non-blocking thread in tests: one-time initialisation inside the JDK, which nobody can move to another thread.
 * Nothing of ours belongs here.
 */
public final class AllowedBlocking implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // The first socket of a JVM, opened by a Netty event loop, reads the network settings of the JDK.
        builder.allowBlockingCallsInside("sun.net.NetProperties", "loadDefaultProperties");
    }
}
