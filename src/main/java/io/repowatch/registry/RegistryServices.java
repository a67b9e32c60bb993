package io.repowatch.registry;

import io.grpc.BindableService;
import io.grpc.netty.NettyServerBuilder;
import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.EphemeralRegistryGrpc;
import io.repowatch.wire.nogfso.GetRegistriesI;
import io.repowatch.wire.nogfso.GetRegistriesO;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.ReactorEphemeralRegistryGrpc;
import io.repowatch.wire.nogfso.ReactorLiveBroadcastGrpc;
import io.repowatch.wire.nogfso.ReactorMainGrpc;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.v1.ReactorRegistryListingGrpc;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The gRPC services of the wire contract over a {@link Registry}. They add nothing but status codes; methods that the registry
 * does not have answer {@code UNIMPLEMENTED}.
 */
public final class RegistryServices {
    /** Existing clients ping every 40 s, the same as the original server does, and count on this being allowed. */
    private static final long KEEP_ALIVE_SECONDS = 40;

    /** What existing servers allow is 30 s; a third less also forgives a late timer before an early one. */
    private static final long PERMIT_KEEP_ALIVE_SECONDS = 20;

    /** Tokens of existing clients take up to 2.5 kB, and more with more scopes; the library's default is 8 KiB. */
    private static final int MAX_METADATA_BYTES = 16 * 1024;

    private RegistryServices() {}

    /**
     * The services Main, Registry, EphemeralRegistry, Repos, FreezeRepo, UnfreezeRepo, PingRegistry, Broadcast, GitBroadcaster
     * and LiveBroadcast, and our own RegistryListing, Workflows and Feed.
     *
     * @param registry what they serve; stays the caller's
     * @param principal asked at the start of each call, on the thread that starts it, for who is calling
     */
    public static List<BindableService> of(Registry registry, Supplier<Principal> principal) {
        return List.of(
                new MainService(registry, principal),
                registryService(registry, principal),
                ephemeralRegistryService(registry, principal),
                reposService(registry, principal),
                new FreezeService(registry, principal),
                new UnfreezeService(registry, principal),
                new PingService(registry, principal),
                new BroadcastServices.Reading(registry, principal),
                new BroadcastServices.Announcing(registry, principal),
                new LiveBroadcastService(registry, principal),
                new ListingService(registry, principal),
                new WorkflowsService(registry, principal),
                FeedService.of(registry, principal));
    }

    /**
     * Settings that existing clients need of a server on TCP: their keepalive pings, also without calls, are welcome, and
     * tokens fit. Returns the builder it was given.
     */
    public static NettyServerBuilder configure(NettyServerBuilder builder) {
        return builder.keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(PERMIT_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxInboundMetadataSize(MAX_METADATA_BYTES);
    }

    private static BindableService registryService(Registry registry, Supplier<Principal> principal) {
        StreamCalls streams = registry.encodedStreams();
        RegistryService typed = new RegistryService(registry, principal);
        return () -> new PassThrough(typed.bindService())
                .with(RegistryGrpc.getEventsMethod(), in -> streams.registryEvents(principal.get(), in))
                .definition();
    }

    private static BindableService reposService(Registry registry, Supplier<Principal> principal) {
        StreamCalls streams = registry.encodedStreams();
        ReposService typed = new ReposService(registry, principal);
        return () -> new PassThrough(typed.bindService())
                .with(ReposGrpc.getEventsMethod(), in -> streams.repoEvents(principal.get(), in))
                .with(ReposGrpc.getWorkflowEventsMethod(), in -> streams.repoWorkflowEvents(principal.get(), in))
                .definition();
    }

    private static BindableService ephemeralRegistryService(Registry registry, Supplier<Principal> principal) {
        StreamCalls streams = registry.encodedStreams();
        BindableService typed = new ReactorEphemeralRegistryGrpc.EphemeralRegistryImplBase() {};
        return () -> new PassThrough(typed.bindService())
                .with(
                        EphemeralRegistryGrpc.getRegistryWorkflowIndexEventsMethod(),
                        in -> streams.indexEvents(principal.get(), in))
                .with(
                        EphemeralRegistryGrpc.getRegistryWorkflowEventsMethod(),
                        in -> streams.registryWorkflowEvents(principal.get(), in))
                .definition();
    }

    private static final class MainService extends ReactorMainGrpc.MainImplBase {
        private final Registry registry;
        private final Supplier<Principal> principal;

        MainService(Registry registry, Supplier<Principal> principal) {
            this.registry = registry;
            this.principal = principal;
        }

        @Override
        public Mono<GetRegistriesO> getRegistries(GetRegistriesI request) {
            return registry.getRegistries(principal.get(), request);
        }

        @Override
        protected Throwable onErrorMap(Throwable error) {
            return RegistryErrors.toStatus(error);
        }
    }

    private static final class LiveBroadcastService extends ReactorLiveBroadcastGrpc.LiveBroadcastImplBase {
        private final Registry registry;
        private final Supplier<Principal> principal;

        LiveBroadcastService(Registry registry, Supplier<Principal> principal) {
            this.registry = registry;
            this.principal = principal;
        }

        @Override
        public Flux<AggregateSignalsO> aggregateSignals(AggregateSignalsI request) {
            return registry.aggregateSignals(principal.get(), request);
        }

        @Override
        protected Throwable onErrorMap(Throwable error) {
            return RegistryErrors.toStatus(error);
        }
    }

    private static final class ListingService extends ReactorRegistryListingGrpc.RegistryListingImplBase {
        private final Registry registry;
        private final Supplier<Principal> principal;

        ListingService(Registry registry, Supplier<Principal> principal) {
            this.registry = registry;
            this.principal = principal;
        }

        @Override
        public Flux<GetReposO> listRepos(GetReposI request) {
            return registry.listRepos(principal.get(), request);
        }

        @Override
        protected Throwable onErrorMap(Throwable error) {
            return RegistryErrors.toStatus(error);
        }
    }
}
