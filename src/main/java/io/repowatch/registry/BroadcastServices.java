package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.BroadcastEventsI;
import io.repowatch.wire.nogfso.BroadcastEventsO;
import io.repowatch.wire.nogfso.PostGitRefUpdatedI;
import io.repowatch.wire.nogfso.PostGitRefUpdatedO;
import io.repowatch.wire.nogfso.ReactorBroadcastGrpc;
import io.repowatch.wire.nogfso.ReactorGitBroadcasterGrpc;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The services of the channel of announcements: reading, and announcing. */
final class BroadcastServices {
    private BroadcastServices() {}

    /** The Broadcast service. */
    static final class Reading extends ReactorBroadcastGrpc.BroadcastImplBase {
        private final Registry registry;
        private final Supplier<Principal> principal;

        Reading(Registry registry, Supplier<Principal> principal) {
            this.registry = registry;
            this.principal = principal;
        }

        @Override
        public Flux<BroadcastEventsO> events(BroadcastEventsI request) {
            return registry.broadcastEvents(principal.get(), request);
        }

        @Override
        protected Throwable onErrorMap(Throwable error) {
            return RegistryErrors.toStatus(error);
        }
    }

    /** The GitBroadcaster service. */
    static final class Announcing extends ReactorGitBroadcasterGrpc.GitBroadcasterImplBase {
        private final Registry registry;
        private final Supplier<Principal> principal;

        Announcing(Registry registry, Supplier<Principal> principal) {
            this.registry = registry;
            this.principal = principal;
        }

        @Override
        public Mono<PostGitRefUpdatedO> postGitRefUpdated(PostGitRefUpdatedI request) {
            return registry.postGitRefUpdated(principal.get(), request);
        }

        @Override
        protected Throwable onErrorMap(Throwable error) {
            return RegistryErrors.toStatus(error);
        }
    }
}
