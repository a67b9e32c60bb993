package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.v1.AbortReply;
import io.repowatch.wire.v1.AbortRequest;
import io.repowatch.wire.v1.LookupReply;
import io.repowatch.wire.v1.LookupRequest;
import io.repowatch.wire.v1.ReactorWorkflowsGrpc;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Our own service for workflows of any kind. */
final class WorkflowsService extends ReactorWorkflowsGrpc.WorkflowsImplBase {
    private final Registry registry;
    private final Supplier<Principal> principal;

    WorkflowsService(Registry registry, Supplier<Principal> principal) {
        this.registry = registry;
        this.principal = principal;
    }

    @Override
    public Mono<AbortReply> abort(AbortRequest request) {
        return registry.abort(principal.get(), request);
    }

    @Override
    public Mono<LookupReply> lookup(LookupRequest request) {
        return registry.lookup(principal.get(), request);
    }

    @Override
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
