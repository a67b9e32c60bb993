package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Adds a repo: accepted by the registry, begun by itself, confirmed in the registry, in one append (registry specification
 * §5.3, S3). With an id chosen by the client it may be repeated: the same id at the same path gets the first answer.
 */
final class InitRepoCall {
    private final CommandLoops loops;
    private final Authorizer authorizer;
    private final Identities identities;

    InitRepoCall(CommandLoops loops, Authorizer authorizer, Identities identities) {
        this.loops = loops;
        this.authorizer = authorizer;
        this.identities = identities;
    }

    Mono<InitRepoO> initRepo(Principal principal, InitRepoI in) {
        return Mono.defer(() -> {
            GlobalPath path = WireFields.path(in.getGlobalPath());
            authorizer.check(principal, "fso/init-repo", AccessScope.path(path));
            String name = WireFields.registryName(in.getRegistry());
            Vid expected = WireFields.expectedVid(in.getVid());
            UUID chosen = WireFields.chosenRepo(in.getRepoId());
            if (path.equals(GlobalPath.ROOT)) {
                // Its path would be stored as the empty text, which readers of the events take for "not set".
                throw WireFields.invalid("registry error: a repo cannot be at /");
            }
            return loops.registry(name)
                    .flatMap(target -> target.submit(new Init(target.registry(), in, path.value(), chosen, expected)));
        });
    }

    private final class Init implements Transaction<InitRepoO> {
        private final AggregateRef<RegistryState, RegistryEvent> registry;
        private final InitRepoI request;
        private final String path;
        private final @Nullable UUID chosen;
        private final @Nullable Vid expected;

        Init(
                AggregateRef<RegistryState, RegistryEvent> registry,
                InitRepoI request,
                String path,
                @Nullable UUID chosen,
                @Nullable Vid expected) {
            this.registry = registry;
            this.request = request;
            this.path = path;
            this.chosen = chosen;
            this.expected = expected;
        }

        @Override
        public List<AggregateRef<?, ?>> needs() {
            return chosen == null ? List.of() : List.of(AggregateRef.repo(chosen));
        }

        @Override
        public InitRepoO run(UnitOfWork unit) {
            RegistryRepo known = chosen == null ? null : unit.state(registry).repo(chosen);
            if (known != null && known.path().equals(path)) {
                // Before the version is checked: whoever lost the first answer repeats the request as it was.
                return reply(known.initVid(), known.id());
            }
            unit.expect(registry, expected);
            UUID id = chosen == null ? unusedId(unit.state(registry)) : chosen;
            AggregateRef<RepoState, RepoEvent> repo = AggregateRef.repo(id);
            if (chosen == null) {
                unit.assumeEmpty(repo);
            }
            unit.perform(
                    registry,
                    new RegistryRepoCommands.AcceptRepo(id, path, request.getCreatorName(), request.getCreatorEmail()));
            if (!unit.vid(repo).isEpoch()) {
                // The registry does not know the id, but another registry does.
                throw UnitOfWork.rejected(
                        registry.aggregate(),
                        new Rejection(Status.Code.ALREADY_EXISTS, RegistryRepoCommands.ID_IN_USE));
            }
            Vid started = unit.perform(repo, new RepoCommands.Init(info(unit.state(registry), id)));
            return reply(unit.perform(registry, new RegistryRepoCommands.ConfirmRepo(id, started)), id);
        }

        private UUID unusedId(RegistryState state) {
            UUID id = identities.uuid();
            while (state.repo(id) != null) {
                id = identities.uuid();
            }
            return id;
        }

        private FsoRepoInitInfo info(RegistryState state, UUID id) {
            RegistryRoot root = state.nearestRoot(path);
            if (root == null) {
                throw new IllegalStateException("accepted a repo without a root at " + path);
            }
            return root.placed(id, path).toBuilder()
                    .setRegistry(state.name())
                    .setCreatorName(request.getCreatorName())
                    .setCreatorEmail(request.getCreatorEmail())
                    .build();
        }
    }

    private static InitRepoO reply(Vid vid, UUID repo) {
        return InitRepoO.newBuilder()
                .setVid(WireFields.bytes(vid))
                .setRepo(WireFields.bytes(repo))
                .build();
    }
}
