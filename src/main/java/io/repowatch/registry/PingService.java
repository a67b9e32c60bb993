package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.BeginPingRegistryI;
import io.repowatch.wire.nogfso.BeginPingRegistryO;
import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.CommitPingRegistryO;
import io.repowatch.wire.nogfso.GetRegistryPingsI;
import io.repowatch.wire.nogfso.GetRegistryPingsO;
import io.repowatch.wire.nogfso.PostServerPingSummaryI;
import io.repowatch.wire.nogfso.PostServerPingSummaryO;
import io.repowatch.wire.nogfso.ReactorPingRegistryGrpc;
import io.repowatch.wire.nogfso.ServerPingI;
import io.repowatch.wire.nogfso.ServerPingO;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The PingRegistry service. */
final class PingService extends ReactorPingRegistryGrpc.PingRegistryImplBase {
    private final Registry registry;
    private final Supplier<Principal> principal;

    PingService(Registry registry, Supplier<Principal> principal) {
        this.registry = registry;
        this.principal = principal;
    }

    @Override
    public Mono<BeginPingRegistryO> beginPingRegistry(BeginPingRegistryI request) {
        return registry.beginPingRegistry(principal.get(), request);
    }

    @Override
    public Mono<ServerPingO> serverPing(ServerPingI request) {
        return registry.serverPing(principal.get(), request);
    }

    @Override
    public Mono<PostServerPingSummaryO> postServerPingSummary(PostServerPingSummaryI request) {
        return registry.postServerPingSummary(principal.get(), request);
    }

    @Override
    public Mono<CommitPingRegistryO> commitPingRegistry(CommitPingRegistryI request) {
        return registry.commitPingRegistry(principal.get(), request);
    }

    @Override
    public Mono<GetRegistryPingsO> getRegistryPings(GetRegistryPingsI request) {
        return registry.getRegistryPings(principal.get(), request);
    }

    @Override
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
