package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.Vid;
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

    /**
     * A workflow that changes a path; it runs while it has somewhere to go.
     *
     * @param begun what each move of this kind was begun with, so that its repetition gets the same answer, however late
     */
    record Move(UUID workflow, String pendingPath, PersistentMap<UUID, BegunMove> begun) {
        static Move next(@Nullable Move last, UUID workflow, BegunMove begun) {
            PersistentMap<UUID, BegunMove> earlier = last == null ? PersistentMap.empty() : last.begun;
            return new Move(workflow, begun.target(), earlier.put(workflow, begun));
        }

        /** What the move with this id was begun with; null if no move of this kind had it. */
        static @Nullable BegunMove begun(@Nullable Move last, UUID workflow) {
            return last == null ? null : last.begun.get(workflow);
        }

        boolean active() {
            return !pendingPath.isEmpty();
        }

        Move ended() {
            return new Move(workflow, "", begun);
        }
    }

    /**
     * A move as it was asked for, and the answer.
     *
     * @param target the new path
     * @param samePath whether the repo keeps its path in the name space, so that only its directory moves
     * @param vid the version that answered
     */
    record BegunMove(String target, boolean samePath, Vid vid) {}

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

    boolean moving() {
        return moveRepo != null && moveRepo.active();
    }

    boolean movingShadow() {
        return moveShadow != null && moveShadow.active();
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
