package io.repowatch.testkit;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.FsoGitRepoInfo;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoShadowRepoInfo;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.nogfso.WorkflowIndexState;
import java.util.UUID;

/**
 * Makes event bodies as a registry writes them. Ids and parents are left to {@link ScriptedRegistry}. For repos,
 * {@link ScriptedRepo} is shorter.
 */
public final class Events {
    private Events() {}

    /** A repo exists and its history has begun. */
    public static RegistryEvent repoAdded(UUID repo, String globalPath) {
        return RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_REPO_ADDED)
                .setFsoRepoInfo(info(repo, globalPath))
                .build();
    }

    /** Somebody asked for a repo to be looked at again. */
    public static RegistryEvent reinitAccepted(UUID repo, String globalPath) {
        return RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_REPO_REINIT_ACCEPTED)
                .setFsoRepoInfo(info(repo, globalPath))
                .setFsoRepoReinitReason("again")
                .build();
    }

    /** A repo is to move to {@code newPath}. */
    public static RegistryEvent moveAccepted(UUID repo, UUID workflow, String newPath) {
        return RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED)
                .setFsoRepoInfo(info(repo, newPath))
                .setWorkflowId(bytes(workflow))
                .build();
    }

    /** A repo has moved to {@code newPath}. */
    public static RegistryEvent registryMoved(UUID repo, UUID workflow, String newPath) {
        return RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_REPO_MOVED)
                .setFsoRepoInfo(info(repo, newPath))
                .setWorkflowId(bytes(workflow))
                .build();
    }

    private static FsoRepoInfo info(UUID repo, String globalPath) {
        return FsoRepoInfo.newBuilder()
                .setId(bytes(repo))
                .setGlobalPath(globalPath)
                .build();
    }

    /** A repo's history begins as {@code info} says. */
    public static RepoEvent initStarted(FsoRepoInitInfo info) {
        return repoEvent(RepoEvent.Type.EV_FSO_REPO_INIT_STARTED)
                .setFsoRepoInitInfo(info)
                .build();
    }

    /** The shadow repo exists. */
    public static RepoEvent shadowCreated(String shadowPath) {
        return repoEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_CREATED)
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setShadowPath(shadowPath))
                .build();
    }

    /** A GitLab project is wanted. */
    public static RepoEvent gitlabAccepted(String gitlabHost, String gitlabPath) {
        return repoEvent(RepoEvent.Type.EV_FSO_ENABLE_GITLAB_ACCEPTED)
                .setFsoRepoInitInfo(
                        FsoRepoInitInfo.newBuilder().setGitlabHost(gitlabHost).setGitlabPath(gitlabPath))
                .build();
    }

    /** The GitLab project exists. */
    public static RepoEvent gitCreated(long projectId) {
        return repoEvent(RepoEvent.Type.EV_FSO_GIT_REPO_CREATED)
                .setFsoGitRepoInfo(FsoGitRepoInfo.newBuilder().setGitlabProjectId(projectId))
                .build();
    }

    /** An error is stored. */
    public static RepoEvent errorSet(String message) {
        return repoEvent(RepoEvent.Type.EV_FSO_REPO_ERROR_SET)
                .setFsoRepoErrorMessage(message)
                .build();
    }

    /** The stored error is cleared. */
    public static RepoEvent errorCleared() {
        return repoEvent(RepoEvent.Type.EV_FSO_REPO_ERROR_CLEARED).build();
    }

    /** A move has begun. */
    public static RepoEvent moveStarted(UUID workflow, FsoRepoInitInfo from, String shadowPath, FsoRepoInitInfo to) {
        return repoEvent(RepoEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                .setWorkflowId(bytes(workflow))
                .setFsoRepoInitInfo(from)
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setShadowPath(shadowPath))
                .setNewFsoRepoInitInfo(to)
                .build();
    }

    /** A move is done. */
    public static RepoEvent moved(UUID workflow, FsoRepoInitInfo to, String shadowPath) {
        return repoEvent(RepoEvent.Type.EV_FSO_REPO_MOVED)
                .setWorkflowId(bytes(workflow))
                .setFsoRepoInitInfo(to)
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setShadowPath(shadowPath))
                .build();
    }

    /** A move of the shadow has begun. */
    public static RepoEvent shadowMoveStarted(UUID workflow, String newShadowPath) {
        return repoEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                .setWorkflowId(bytes(workflow))
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setNewShadowPath(newShadowPath))
                .build();
    }

    /** A move of the shadow is done. */
    public static RepoEvent shadowMoved(UUID workflow, String newShadowPath) {
        return repoEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVED)
                .setWorkflowId(bytes(workflow))
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setNewShadowPath(newShadowPath))
                .build();
    }

    /** The storage tier of a repo changes. */
    public static RepoEvent repoStorage(RepoEvent.Type type, UUID workflow, int statusCode) {
        return repoEvent(type)
                .setWorkflowId(bytes(workflow))
                .setStatusCode(statusCode)
                .build();
    }

    /** An event of a workflow that holds nothing else. */
    public static WorkflowEvent workflow(WorkflowEvent.Type type) {
        return WorkflowEvent.newBuilder().setEvent(type).build();
    }

    /** An event of a workflow with a status. */
    public static WorkflowEvent workflowStatus(WorkflowEvent.Type type, int code, String message) {
        return WorkflowEvent.newBuilder()
                .setEvent(type)
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
    }

    /** The workflow of a move begins. */
    public static WorkflowEvent workflowMoveStarted(
            UUID repo, FsoRepoInitInfo from, String shadowPath, FsoRepoInitInfo to) {
        return WorkflowEvent.newBuilder()
                .setEvent(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                .setRepoId(bytes(repo))
                .setFsoRepoInitInfo(from)
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setShadowPath(shadowPath))
                .setNewFsoRepoInitInfo(to)
                .build();
    }

    /** The workflow of a move has moved the repo. */
    public static WorkflowEvent workflowMoved(UUID repo, FsoRepoInitInfo to, String shadowPath) {
        return WorkflowEvent.newBuilder()
                .setEvent(WorkflowEvent.Type.EV_FSO_REPO_MOVED)
                .setRepoId(bytes(repo))
                .setFsoRepoInitInfo(to)
                .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setShadowPath(shadowPath))
                .build();
    }

    /** The workflow of a freeze or unfreeze begins. */
    public static WorkflowEvent storageStarted(boolean freeze, UUID repo, String registry, String globalPath) {
        return WorkflowEvent.newBuilder()
                .setEvent(storageStarted(freeze))
                .setFsoRegistryName(registry)
                .setRepoId(bytes(repo))
                .setGitAuthor(GitUser.newBuilder().setName("A. Requester").setEmail("requester@example.org"))
                .setFsoRepoInitInfo(FsoRepoInitInfo.newBuilder().setGlobalPath(globalPath))
                .build();
    }

    private static WorkflowEvent.Type storageStarted(boolean freeze) {
        return freeze
                ? WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2
                : WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_STARTED_2;
    }

    /** The index lists a freeze or unfreeze. */
    public static WorkflowEvent indexStarted(boolean freeze, UUID workflow, String globalPath) {
        return WorkflowEvent.newBuilder()
                .setEvent(storageStarted(freeze))
                .setWorkflowId(bytes(workflow))
                .setFsoRepoInitInfo(FsoRepoInitInfo.newBuilder().setGlobalPath(globalPath))
                .build();
    }

    /** An event of the index about a workflow. */
    public static WorkflowEvent indexEvent(WorkflowEvent.Type type, UUID workflow) {
        return WorkflowEvent.newBuilder()
                .setEvent(type)
                .setWorkflowId(bytes(workflow))
                .build();
    }

    /** A part of a snapshot of the index with one freeze; one that is not active has ended. */
    public static WorkflowEvent snapshotOfFreeze(UUID workflow, String globalPath, boolean active) {
        WorkflowIndexState.FreezeRepo freeze = WorkflowIndexState.FreezeRepo.newBuilder()
                .setWorkflowId(bytes(workflow))
                .setStartedWorkflowEventId(bytes(new UUID(1, 1)))
                .setCompletedWorkflowEventId(bytes(active ? EntityIds.NIL : new UUID(1, 2)))
                .setGlobalPath(globalPath)
                .build();
        return WorkflowEvent.newBuilder()
                .setEvent(WorkflowEvent.Type.EV_WORKFLOW_INDEX_SNAPSHOT_STATE)
                .setWorkflowIndexState(WorkflowIndexState.newBuilder().addFreezeRepo(freeze))
                .build();
    }

    private static RepoEvent.Builder repoEvent(RepoEvent.Type type) {
        return RepoEvent.newBuilder().setEvent(type);
    }

    private static ByteString bytes(UUID id) {
        return ByteString.copyFrom(EntityIds.toBytes(id));
    }
}
