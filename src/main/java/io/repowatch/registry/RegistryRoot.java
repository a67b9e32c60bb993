package io.repowatch.registry;

import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.RootInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A root: where a part of the name space lies on a host, and the rules for repos below it.
 *
 * @param path the path in the name space, empty for {@code /}
 * @param host the file host
 * @param hostRoot the directory on that host, without trailing slash
 * @param gitlabNamespace {@code host/group}, empty if repos get no GitLab project
 * @param naming the naming rule with all patches merged, null if none was set
 * @param namingPatched whether the rule was patched since it was set
 * @param initPolicy how repos track subdirectories, null for the default
 */
record RegistryRoot(
        String path,
        String host,
        String hostRoot,
        String gitlabNamespace,
        @Nullable FsoRepoNaming naming,
        boolean namingPatched,
        @Nullable FsoRepoInitPolicy initPolicy) {

    static RegistryRoot of(String path, FsoRootInfo info) {
        return new RegistryRoot(path, info.getHost(), info.getHostRoot(), info.getGitlabNamespace(), null, false, null);
    }

    /** This root with host, directory and namespace taken from {@code info}; its rules stay. */
    RegistryRoot updated(FsoRootInfo info) {
        return new RegistryRoot(
                path, info.getHost(), info.getHostRoot(), info.getGitlabNamespace(), naming, namingPatched, initPolicy);
    }

    RegistryRoot named(FsoRepoNaming rule, boolean patched) {
        return new RegistryRoot(path, host, hostRoot, gitlabNamespace, rule, patched, initPolicy);
    }

    RegistryRoot withPolicy(FsoRepoInitPolicy policy) {
        return new RegistryRoot(path, host, hostRoot, gitlabNamespace, naming, namingPatched, policy);
    }

    FsoRootInfo info(String namespace) {
        return FsoRootInfo.newBuilder()
                .setGlobalRoot(path)
                .setHost(host)
                .setHostRoot(hostRoot)
                .setGitlabNamespace(namespace)
                .build();
    }

    RootInfo listed() {
        return RootInfo.newBuilder()
                .setGlobalRoot(path)
                .setHost(host)
                .setHostRoot(hostRoot)
                .setGitlabNamespace(gitlabNamespace)
                .build();
    }

    /** What a repo at {@code globalPath}, at or below this root, starts with; without registry and creator. */
    FsoRepoInitInfo placed(UUID repo, String globalPath) {
        FsoRepoInitInfo.Builder place = FsoRepoInitInfo.newBuilder()
                .setGlobalPath(globalPath)
                .setFileHost(host)
                .setHostPath(hostPath(globalPath))
                .setSubdirTracking(InitPolicies.tracking(initPolicy, relative(globalPath)));
        if (!gitlabNamespace.isEmpty()) {
            GitlabLocation gitlab = GitlabLocation.of(gitlabNamespace, repo);
            place.setGitlabHost(gitlab.host()).setGitlabPath(gitlab.path());
        }
        return place.build();
    }

    private String relative(String globalPath) {
        return globalPath.length() == path.length() ? "" : globalPath.substring(path.length() + 1);
    }

    private String hostPath(String globalPath) {
        String full = hostRoot + globalPath.substring(path.length());
        return full.isEmpty() ? "/" : full;
    }
}
