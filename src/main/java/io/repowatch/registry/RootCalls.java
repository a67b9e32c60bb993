package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.DisableGitlabRootI;
import io.repowatch.wire.nogfso.EnableGitlabRootI;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.PatchRepoNamingI;
import io.repowatch.wire.nogfso.RemoveRootI;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyI;
import io.repowatch.wire.nogfso.UpdateRepoNamingI;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The requests about roots. Each emits the new version of the registry, or the current one if nothing was to do. */
final class RootCalls {
    private static final String INIT_ROOT = "fso/init-root";

    private final CommandLoops loops;
    private final Authorizer authorizer;

    RootCalls(CommandLoops loops, Authorizer authorizer) {
        this.loops = loops;
        this.authorizer = authorizer;
    }

    Mono<ByteString> initRoot(Principal principal, InitRootI in) {
        return perform(principal, INIT_ROOT, in.getGlobalRoot(), in.getRegistry(), in.getVid(), root -> {
            if (in.getHostRoot().isEmpty()) {
                throw WireFields.invalid("registry error: missing host root");
            }
            return new RootCommands.InitRoot(FsoRootInfo.newBuilder()
                    .setGlobalRoot(root)
                    .setHost(in.getHost())
                    .setHostRoot(WireFields.trimmed(in.getHostRoot()))
                    .setGitlabNamespace(WireFields.trimmed(in.getGitlabNamespace()))
                    .build());
        });
    }

    Mono<ByteString> removeRoot(Principal principal, RemoveRootI in) {
        return perform(
                principal,
                "fso/delete-root",
                in.getGlobalRoot(),
                in.getRegistry(),
                in.getVid(),
                RootCommands.RemoveRoot::new);
    }

    Mono<ByteString> enableGitlabRoot(Principal principal, EnableGitlabRootI in) {
        return perform(
                principal,
                INIT_ROOT,
                in.getGlobalRoot(),
                in.getRegistry(),
                in.getVid(),
                root -> new RootCommands.EnableGitlab(root, WireFields.trimmed(in.getGitlabNamespace())));
    }

    Mono<ByteString> disableGitlabRoot(Principal principal, DisableGitlabRootI in) {
        return perform(
                principal,
                INIT_ROOT,
                in.getGlobalRoot(),
                in.getRegistry(),
                in.getVid(),
                RootCommands.DisableGitlab::new);
    }

    Mono<ByteString> updateRepoNaming(Principal principal, UpdateRepoNamingI in) {
        return Mono.defer(() -> {
            require(in.hasNaming(), "missing naming");
            return perform(
                    principal,
                    INIT_ROOT,
                    in.getNaming().getGlobalRoot(),
                    in.getRegistry(),
                    in.getVid(),
                    // The clean root is stored, not the one that came: both are looked up the same way (defect W3).
                    root -> new RootCommands.SetRepoNaming(
                            in.getNaming().toBuilder().setGlobalRoot(root).build()));
        });
    }

    Mono<ByteString> patchRepoNaming(Principal principal, PatchRepoNamingI in) {
        return Mono.defer(() -> {
            require(in.hasNamingPatch(), "missing naming patch");
            return perform(
                    principal,
                    INIT_ROOT,
                    in.getNamingPatch().getGlobalRoot(),
                    in.getRegistry(),
                    in.getVid(),
                    root -> new RootCommands.PatchRepoNaming(
                            in.getNamingPatch().toBuilder().setGlobalRoot(root).build()));
        });
    }

    Mono<ByteString> updateRepoInitPolicy(Principal principal, UpdateRepoInitPolicyI in) {
        return Mono.defer(() -> {
            require(in.hasPolicy(), "missing policy");
            return perform(
                    principal,
                    INIT_ROOT,
                    in.getPolicy().getGlobalRoot(),
                    in.getRegistry(),
                    in.getVid(),
                    root -> new RootCommands.SetRepoInitPolicy(
                            in.getPolicy().toBuilder().setGlobalRoot(root).build()));
        });
    }

    private static void require(boolean present, String problem) {
        if (!present) {
            throw WireFields.invalid(problem);
        }
    }

    private Mono<ByteString> perform(
            Principal principal,
            String action,
            String globalRoot,
            String registry,
            ByteString vid,
            Function<String, RegistryCommand> command) {
        return Mono.defer(() -> {
            GlobalPath root = WireFields.path(globalRoot);
            authorizer.check(principal, action, AccessScope.path(root));
            String name = WireFields.registryName(registry);
            Vid expected = WireFields.expectedVid(vid);
            RegistryCommand wanted = command.apply(root.value());
            return loops.registry(name)
                    .flatMap(target -> target.submit(unit -> {
                        unit.expect(target.registry(), expected);
                        return WireFields.bytes(unit.perform(target.registry(), wanted));
                    }));
        });
    }
}
