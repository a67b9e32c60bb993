package io.repowatch.registry;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.repowatch.id.Principal;
import io.repowatch.wire.v1.ChangesReply;
import io.repowatch.wire.v1.ChangesRequest;
import io.repowatch.wire.v1.FeedGrpc;
import io.repowatch.wire.v1.ReactorFeedGrpc;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** The Feed service. */
final class FeedService extends ReactorFeedGrpc.FeedImplBase {
    private final Registry.Feed feed;
    private final Supplier<Principal> principal;

    private FeedService(Registry.Feed feed, Supplier<Principal> principal) {
        this.feed = feed;
        this.principal = principal;
    }

    static BindableService of(Registry registry, Supplier<Principal> principal) {
        Registry.Feed feed = registry.feed();
        FeedService typed = new FeedService(feed, principal);
        return typed::passingBytesThrough;
    }

    private ServerServiceDefinition passingBytesThrough() {
        return new PassThrough(bindService())
                .with(FeedGrpc.getReadMethod(), (call, headers) -> {
                    Principal caller = principal.get();
                    ReadCall reads = new ReadCall(
                            call, open -> feed.streams().events(caller, open), feed.limits(), feed.scheduler());
                    reads.start(feed.hub().closing());
                    return reads;
                })
                .definition();
    }

    @Override
    public Flux<ChangesReply> changes(ChangesRequest request) {
        return feed.calls().changes(principal.get(), request);
    }

    @Override
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
