package io.repowatch.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsI;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsO;
import io.repowatch.wire.nogfso.EnableGitlabRepoI;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.GetRootsO;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InfoO;
import io.repowatch.wire.nogfso.ReinitRepoI;
import io.repowatch.wire.nogfso.RepoInfo;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The requests that one registry answers from its own state, and its commands but those about roots and InitRepo. */
final class RegistryCalls {
    private static final String READ_REGISTRY = "fso/read-registry";
    private static final long MAX_LISTING_BYTES = 4 << 20;

    private final CommandLoops loops;
    private final Authorizer authorizer;

    RegistryCalls(CommandLoops loops, Authorizer authorizer) {
        this.loops = loops;
        this.authorizer = authorizer;
    }

    Mono<EnableEphemeralWorkflowsO> enableEphemeralWorkflows(Principal principal, EnableEphemeralWorkflowsI in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.getRegistry());
            authorizer.check(principal, "fso/init-registry", AccessScope.name(name));
            Vid expected = WireFields.expectedVid(in.getVid());
            UUID index = EntityIds.workflowIndex(name);
            return loops.registry(name)
                    .flatMap(target -> target.submit(unit -> {
                        unit.expect(target.registry(), expected);
                        return unit.perform(target.registry(), new RegistryAggregate.EnableEphemeralWorkflows(index));
                    }))
                    .map(vid -> EnableEphemeralWorkflowsO.newBuilder()
                            .setVid(WireFields.bytes(vid))
                            .setEphemeralWorkflowsId(WireFields.bytes(index))
                            .build());
        });
    }

    Mono<ByteString> reinitRepo(Principal principal, ReinitRepoI in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.getRegistry());
            UUID repo = WireFields.repo(in.getRepo());
            return loops.registry(name)
                    .flatMap(target -> target.submit(unit -> {
                        authorizeRepo(principal, unit.state(target.registry()), repo);
                        unit.expect(target.registry(), WireFields.expectedVid(in.getVid()));
                        return WireFields.bytes(unit.perform(
                                target.registry(), new RegistryRepoCommands.ReinitRepo(repo, in.getReason())));
                    }));
        });
    }

    Mono<ByteString> enableGitlabRepo(Principal principal, EnableGitlabRepoI in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.getRegistry());
            UUID id = WireFields.repo(in.getRepo());
            String namespace = WireFields.trimmed(in.getGitlabNamespace());
            var repo = AggregateRef.repo(id);
            return loops.registry(name)
                    .flatMap(target -> target.submit(Transaction.needing(repo, unit -> {
                        authorizeRepo(principal, unit.state(target.registry()), id);
                        unit.expect(target.registry(), WireFields.expectedVid(in.getVid()));
                        Vid vid = unit.perform(
                                target.registry(), new RegistryRepoCommands.EnableGitlabRepo(id, namespace));
                        unit.perform(repo, new RepoCommands.EnableGitlab(id, namespace));
                        return WireFields.bytes(vid);
                    })));
        });
    }

    /** The path that decides is the repo's, so a repo that the registry does not have is refused first. */
    private void authorizeRepo(Principal principal, RegistryState state, UUID id) {
        RegistryRepo repo = state.repo(id);
        if (repo == null) {
            throw WireFields.rejected(Status.Code.NOT_FOUND, RegistryRepoCommands.UNKNOWN_REPO);
        }
        authorizer.check(principal, "fso/init-repo", AccessScope.path(new GlobalPath(repo.path())));
    }

    Mono<InfoO> info(Principal principal, InfoI in) {
        return query(
                principal,
                in.getRegistry(),
                snapshot -> InfoO.newBuilder()
                        .setRegistry(in.getRegistry())
                        .setVid(WireFields.bytes(snapshot.vid()))
                        .setNumRoots(snapshot.state().roots().size())
                        .setNumRepos(snapshot.state().repos().size())
                        .build());
    }

    Mono<GetRootsO> getRoots(Principal principal, GetRootsI in) {
        return query(principal, in.getRegistry(), snapshot -> {
            GetRootsO.Builder reply =
                    GetRootsO.newBuilder().setRegistry(in.getRegistry()).setVid(WireFields.bytes(snapshot.vid()));
            snapshot.state().roots().visitFrom("", (path, root) -> {
                reply.addRoots(root.listed());
                return true;
            });
            return reply.build();
        });
    }

    /** All in one message, which must not be larger than what clients receive (registry specification §9: 4 MiB). */
    Mono<GetReposO> getRepos(Principal principal, GetReposI in) {
        return query(principal, in.getRegistry(), snapshot -> {
            GetReposO.Builder reply = RepoListing.header(in, snapshot);
            long[] bytes = {reply.build().getSerializedSize()};
            snapshot.state().visitReposAtOrBelow(prefix(in), repo -> {
                RepoInfo listed = repo.listed();
                bytes[0] += CodedOutputStream.computeMessageSize(GetReposO.REPOS_FIELD_NUMBER, listed);
                reply.addRepos(listed);
                return bytes[0] <= MAX_LISTING_BYTES;
            });
            if (bytes[0] > MAX_LISTING_BYTES) {
                throw WireFields.rejected(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "the list of repos of registry " + in.getRegistry() + " takes more than the "
                                + MAX_LISTING_BYTES
                                + " bytes of one message; ask for a part of it with global_path_prefix, or for all of it "
                                + "in parts with repowatch.v1.RegistryListing");
            }
            return reply.build();
        });
    }

    /** The same in parts. */
    Flux<GetReposO> listRepos(Principal principal, GetReposI in) {
        return query(principal, in.getRegistry(), snapshot -> new RepoListing(in, prefix(in), snapshot))
                .flatMapMany(RepoListing::parts);
    }

    private static String prefix(GetReposI in) {
        String given = in.getGlobalPathPrefix();
        return given.isEmpty() ? "" : WireFields.path(given).value();
    }

    private <R> Mono<R> query(Principal principal, String registry, Function<Snapshot<RegistryState>, R> answer) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(registry);
            authorizer.check(principal, READ_REGISTRY, AccessScope.name(name));
            return loops.registry(name)
                    .flatMap(CommandLoops.RegistryLoop::current)
                    .map(answer);
        });
    }
}
