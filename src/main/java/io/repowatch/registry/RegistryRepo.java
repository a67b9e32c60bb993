package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RepoInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A repo as its registry knows it.
 *
 * @param id the repo
 * @param path where it is in the name space, until a running move is done
 * @param gitlabNamespace the namespace of its root when it was accepted, or the one it was enabled with; empty if none
 * @param confirmed whether the repo's own history has begun
 * @param initVid the version of the registry that answered its InitRepo
 * @param lastRepoEvent the newest event of the repo's own history that was copied to the registry
 * @param reinitReason the last reason of a reinit, empty if there was none
 * @param moveWorkflow the running or last move, null if there was none
 * @param pendingPath where the running move leads, null if none runs
 * @param tier the storage tier
 * @param storageWorkflow the workflow that last changed the tier, null if none did
 */
record RegistryRepo(
        UUID id,
        String path,
        String gitlabNamespace,
        boolean confirmed,
        Vid initVid,
        Vid lastRepoEvent,
        String reinitReason,
        @Nullable UUID moveWorkflow,
        @Nullable String pendingPath,
        StorageTierCode tier,
        @Nullable StorageWork storageWorkflow) {

    static RegistryRepo accepted(UUID id, String path, String gitlabNamespace, Vid vid) {
        return new RegistryRepo(
                id, path, gitlabNamespace, false, vid, Vid.EPOCH, "", null, null, StorageTierCode.ST_UNSPECIFIED, null);
    }

    RegistryRepo confirmed(Vid vid, Vid repoEvent) {
        return new RegistryRepo(
                id,
                path,
                gitlabNamespace,
                true,
                vid,
                repoEvent,
                reinitReason,
                moveWorkflow,
                pendingPath,
                StorageTierCode.ST_ONLINE,
                storageWorkflow);
    }

    RegistryRepo reinitialized(String reason) {
        return new RegistryRepo(
                id,
                path,
                gitlabNamespace,
                confirmed,
                initVid,
                lastRepoEvent,
                reason,
                moveWorkflow,
                pendingPath,
                tier,
                storageWorkflow);
    }

    RegistryRepo withGitlab(String namespace) {
        return new RegistryRepo(
                id,
                path,
                namespace,
                confirmed,
                initVid,
                lastRepoEvent,
                reinitReason,
                moveWorkflow,
                pendingPath,
                tier,
                storageWorkflow);
    }

    RegistryRepo following(Vid repoEvent) {
        return new RegistryRepo(
                id,
                path,
                gitlabNamespace,
                confirmed,
                initVid,
                repoEvent,
                reinitReason,
                moveWorkflow,
                pendingPath,
                tier,
                storageWorkflow);
    }

    RegistryRepo moving(UUID workflow, String newPath) {
        return new RegistryRepo(
                id,
                path,
                gitlabNamespace,
                confirmed,
                initVid,
                lastRepoEvent,
                reinitReason,
                workflow,
                newPath,
                tier,
                storageWorkflow);
    }

    RegistryRepo moved(String newPath, Vid repoEvent) {
        return new RegistryRepo(
                id,
                newPath,
                gitlabNamespace,
                confirmed,
                initVid,
                repoEvent,
                reinitReason,
                moveWorkflow,
                null,
                tier,
                storageWorkflow);
    }

    RegistryRepo inTier(StorageTierCode newTier, @Nullable StorageWork work) {
        return new RegistryRepo(
                id,
                path,
                gitlabNamespace,
                confirmed,
                initVid,
                lastRepoEvent,
                reinitReason,
                moveWorkflow,
                pendingPath,
                newTier,
                work);
    }

    RepoInfo listed() {
        return RepoInfo.newBuilder()
                .setId(WireFields.bytes(id))
                .setGlobalPath(path)
                .setConfirmed(confirmed)
                .build();
    }
}
