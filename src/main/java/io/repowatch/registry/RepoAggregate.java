package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.id.Vid;
import io.repowatch.registry.RepoState.Backup;
import io.repowatch.registry.RepoState.BegunMove;
import io.repowatch.registry.RepoState.Move;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The repo aggregate: how its events become its state (registry specification §3.3). */
enum RepoAggregate implements Aggregate<RepoState, RepoEvent> {
    INSTANCE;

    @Override
    public Category category() {
        return Category.REPO;
    }

    @Override
    public String errorPrefix() {
        return "repos error: ";
    }

    @Override
    public RepoState initial() {
        return RepoState.INITIAL;
    }

    @Override
    public RepoState evolve(RepoState state, RepoEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_REPO_INIT_STARTED -> state.withInit(event.getFsoRepoInitInfo());
            case EV_FSO_SHADOW_REPO_CREATED ->
                state.withShadow(event.getFsoShadowRepoInfo().getShadowPath(), StorageTierCode.ST_ONLINE);
            case EV_FSO_GIT_REPO_CREATED ->
                state.withGitlabProject(event.getFsoGitRepoInfo().getGitlabProjectId());
            case EV_FSO_ENABLE_GITLAB_ACCEPTED -> gitlabEnabled(state, event.getFsoRepoInitInfo());
            case EV_FSO_REPO_ERROR_SET -> state.withError(event.getFsoRepoErrorMessage());
            case EV_FSO_REPO_ERROR_CLEARED -> state.withError("");
            case EV_FSO_REPO_MOVE_STARTED,
                    EV_FSO_REPO_MOVED,
                    EV_FSO_SHADOW_REPO_MOVE_STARTED,
                    EV_FSO_SHADOW_REPO_MOVED -> evolveMove(state, event);
            case EV_FSO_TARTT_REPO_CREATED,
                    EV_FSO_SHADOW_BACKUP_REPO_CREATED,
                    EV_FSO_SHADOW_BACKUP_REPO_MOVED,
                    EV_FSO_ARCHIVE_RECIPIENTS_UPDATED,
                    EV_FSO_SHADOW_BACKUP_RECIPIENTS_UPDATED -> state.withBackup(evolveBackup(state.backup(), event));
            default -> evolveTier(state, event);
        };
    }

    private static RepoState gitlabEnabled(RepoState state, FsoRepoInitInfo gitlab) {
        return state.withInit(state.init().toBuilder()
                .setGitlabHost(gitlab.getGitlabHost())
                .setGitlabPath(gitlab.getGitlabPath())
                .build());
    }

    private static RepoState evolveMove(RepoState state, RepoEvent event) {
        UUID workflow = WireFields.stored(event.getWorkflowId());
        return switch (event.getEvent()) {
            case EV_FSO_REPO_MOVE_STARTED ->
                state.withMoveRepo(Move.next(state.moveRepo(), workflow, begunMove(event)));
            case EV_FSO_REPO_MOVED ->
                state.withMoveRepo(ended(state.moveRepo(), workflow))
                        .withInit(placed(state.init(), event.getFsoRepoInitInfo()))
                        .withShadow(event.getFsoShadowRepoInfo().getShadowPath(), state.tier());
            case EV_FSO_SHADOW_REPO_MOVE_STARTED ->
                state.withMoveShadow(Move.next(state.moveShadow(), workflow, begunShadowMove(event)));
            case EV_FSO_SHADOW_REPO_MOVED ->
                state.withMoveShadow(ended(state.moveShadow(), workflow))
                        .withShadow(event.getFsoShadowRepoInfo().getNewShadowPath(), state.tier());
            default -> state;
        };
    }

    /** What answered is the registry's version, which this event names. */
    private static BegunMove begunMove(RepoEvent event) {
        String target = event.getNewFsoRepoInitInfo().getGlobalPath();
        return new BegunMove(
                target,
                target.equals(event.getFsoRepoInitInfo().getGlobalPath()),
                WireFields.storedVid(event.getRegistryEventId()));
    }

    private static BegunMove begunShadowMove(RepoEvent event) {
        return new BegunMove(
                event.getFsoShadowRepoInfo().getNewShadowPath(), false, WireFields.storedVid(event.getId()));
    }

    /** Only a foreign history has the end of a move that did not begin. */
    private static Move ended(@Nullable Move move, UUID workflow) {
        return move == null ? new Move(workflow, "", PersistentMap.empty()) : move.ended();
    }

    /** The new place of a repo; who made it and its GitLab location stay. */
    private static FsoRepoInitInfo placed(FsoRepoInitInfo init, FsoRepoInitInfo place) {
        return init.toBuilder()
                .setGlobalPath(place.getGlobalPath())
                .setFileHost(place.getFileHost())
                .setHostPath(place.getHostPath())
                .build();
    }

    private static Backup evolveBackup(Backup old, RepoEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_TARTT_REPO_CREATED ->
                new Backup(
                        event.getFsoArchiveRepoInfo().getArchiveUrl(),
                        old.shadowBackupUrl(),
                        old.archiveRecipients(),
                        old.shadowBackupRecipients());
            case EV_FSO_SHADOW_BACKUP_REPO_CREATED, EV_FSO_SHADOW_BACKUP_REPO_MOVED ->
                new Backup(
                        old.archiveUrl(),
                        event.getFsoShadowBackupRepoInfo().getShadowBackupUrl(),
                        old.archiveRecipients(),
                        old.shadowBackupRecipients());
            case EV_FSO_ARCHIVE_RECIPIENTS_UPDATED ->
                new Backup(
                        old.archiveUrl(),
                        old.shadowBackupUrl(),
                        event.getFsoGpgKeyFingerprintsList(),
                        old.shadowBackupRecipients());
            case EV_FSO_SHADOW_BACKUP_RECIPIENTS_UPDATED ->
                new Backup(
                        old.archiveUrl(),
                        old.shadowBackupUrl(),
                        old.archiveRecipients(),
                        event.getFsoGpgKeyFingerprintsList());
            default -> old;
        };
    }

    private static RepoState evolveTier(RepoState state, RepoEvent event) {
        StorageTierCode tier = StorageTiers.after(event.getEventValue(), event.getStatusCode());
        return tier == null
                ? state
                : state.inTier(tier, StorageTiers.work(state.storageWorkflow(), event.getWorkflowId(), event.getId()));
    }

    @Override
    public RepoEvent parse(byte[] body) throws InvalidProtocolBufferException {
        return RepoEvent.parseFrom(body);
    }

    @Override
    public RepoEvent identified(RepoEvent event, Vid id, Vid parent) {
        return event.toBuilder()
                .setId(WireFields.bytes(id))
                .setParent(WireFields.bytes(parent))
                .build();
    }

    @Override
    public byte[] bytes(RepoEvent event) {
        return event.toByteArray();
    }
}
