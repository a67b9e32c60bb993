package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The repo aggregate. Immutable. What the history does not tell is empty, 0 or null.
 *
 * @param init where the repo is and what it was initialised with; the paths are the current ones
 * @param shadowPath the shadow repo on the file host
 * @param gitlabProjectId the project, 0 before it is confirmed
 * @param error the stored error
 * @param backup what archives and backups exist
 * @param moveRepo the running or last move
 * @param moveShadow the running or last move of the shadow
 * @param tier the storage tier
 * @param storageWorkflow the workflow that last changed the tier
 */
record RepoState(
        FsoRepoInitInfo init,
        String shadowPath,
        long gitlabProjectId,
        String error,
        Backup backup,
        @Nullable Move moveRepo,
        @Nullable Move moveShadow,
        StorageTierCode tier,
        @Nullable StorageWork storageWorkflow) {

    static final RepoState INITIAL = new RepoState(
            FsoRepoInitInfo.getDefaultInstance(),
            "",
            0,
            "",
            Backup.NONE,
            null,
            null,
            StorageTierCode.ST_UNSPECIFIED,
            null);

    /** A workflow that changes a path; it runs while it has somewhere to go. */
    record Move(UUID workflow, String pendingPath) {
        boolean active() {
            return !pendingPath.isEmpty();
        }
    }

    /** Archive and shadow backup, with whom they are encrypted for. */
    record Backup(
            String archiveUrl,
            String shadowBackupUrl,
            List<ByteString> archiveRecipients,
            List<ByteString> shadowBackupRecipients) {
        static final Backup NONE = new Backup("", "", List.of(), List.of());
    }

    boolean initialized() {
        return !init.getRegistry().isEmpty();
    }

    RepoState withInit(FsoRepoInitInfo info) {
        return new RepoState(
                info, shadowPath, gitlabProjectId, error, backup, moveRepo, moveShadow, tier, storageWorkflow);
    }

    RepoState withShadow(String path, StorageTierCode newTier) {
        return new RepoState(
                init, path, gitlabProjectId, error, backup, moveRepo, moveShadow, newTier, storageWorkflow);
    }

    RepoState withGitlabProject(long id) {
        return new RepoState(init, shadowPath, id, error, backup, moveRepo, moveShadow, tier, storageWorkflow);
    }

    RepoState withError(String message) {
        return new RepoState(
                init, shadowPath, gitlabProjectId, message, backup, moveRepo, moveShadow, tier, storageWorkflow);
    }

    RepoState withBackup(Backup newBackup) {
        return new RepoState(
                init, shadowPath, gitlabProjectId, error, newBackup, moveRepo, moveShadow, tier, storageWorkflow);
    }

    RepoState withMoveRepo(Move move) {
        return new RepoState(init, shadowPath, gitlabProjectId, error, backup, move, moveShadow, tier, storageWorkflow);
    }

    RepoState withMoveShadow(Move move) {
        return new RepoState(init, shadowPath, gitlabProjectId, error, backup, moveRepo, move, tier, storageWorkflow);
    }

    RepoState inTier(StorageTierCode newTier, @Nullable StorageWork work) {
        return new RepoState(init, shadowPath, gitlabProjectId, error, backup, moveRepo, moveShadow, newTier, work);
    }
}
