package io.repowatch.testkit;

import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.util.UUID;

/**
 * One repo of a script: makes its events with everything a registry would put into them. Immutable; may be shared.
 *
 * @param id the repo
 * @param registry the registry it belongs to
 * @param globalPath where it is at the beginning
 * @param host its storage host
 */
public record ScriptedRepo(UUID id, String registry, String globalPath, String host) {

    /** The data directory. */
    public String hostPath() {
        return "/data" + globalPath;
    }

    /** The shadow repo. */
    public String shadowPath() {
        return shadowPath(globalPath);
    }

    String shadowPath(String path) {
        return "/shadow" + path + "/" + id + ".fso";
    }

    // Workflows

    /** A move of the repo from {@link #globalPath()}. */
    public ScriptedMove move(UUID workflow, String newPath) {
        return new ScriptedMove(this, workflow, globalPath, newPath);
    }

    /** A move of its shadow. */
    public ScriptedShadowMove moveShadow(UUID workflow) {
        return new ScriptedShadowMove(this, workflow);
    }

    /** A freeze of its files. */
    public ScriptedFreeze freeze(UUID workflow) {
        return new ScriptedFreeze(this, workflow, true);
    }

    /** An unfreeze of its files. */
    public ScriptedFreeze unfreeze(UUID workflow) {
        return new ScriptedFreeze(this, workflow, false);
    }

    // Events of the registry's stream

    /** The repo exists. */
    public Change<RegistryEvent> added() {
        return inRegistry(Events.repoAdded(id, globalPath));
    }

    /** Somebody asked for the repo to be looked at again. */
    public Change<RegistryEvent> reinitAccepted() {
        return inRegistry(Events.reinitAccepted(id, globalPath));
    }

    /** The repo is to move. */
    public Change<RegistryEvent> moveAccepted(UUID workflow, String newPath) {
        return inRegistry(Events.moveAccepted(id, workflow, newPath));
    }

    /** The registry knows that the repo has moved. */
    public Change<RegistryEvent> registryMoved(UUID workflow, String newPath) {
        return inRegistry(Events.registryMoved(id, workflow, newPath));
    }

    /** Any event of the registry's stream. */
    public Change<RegistryEvent> inRegistry(RegistryEvent body) {
        return new Change<>(new RegistryKey(registry), body);
    }

    // Events of the repo's stream

    /** The history begins; no GitLab. */
    public Change<RepoEvent> initStarted() {
        return event(Events.initStarted(init(globalPath).build()));
    }

    /** The history begins, with a GitLab location. */
    public Change<RepoEvent> initStartedWithGitlab() {
        return event(Events.initStarted(init(globalPath)
                .setGitlabHost("gitlab.example")
                .setGitlabPath("group/" + id)
                .build()));
    }

    /** The shadow repo exists. */
    public Change<RepoEvent> shadowCreated() {
        return event(Events.shadowCreated(shadowPath()));
    }

    /** A GitLab project is wanted. */
    public Change<RepoEvent> gitlabAccepted() {
        return event(Events.gitlabAccepted("gitlab.example", "group/" + id));
    }

    /** The GitLab project exists. */
    public Change<RepoEvent> gitCreated() {
        return event(Events.gitCreated(7));
    }

    /** An error is stored. */
    public Change<RepoEvent> errorSet(String message) {
        return event(Events.errorSet(message));
    }

    /** The stored error is cleared. */
    public Change<RepoEvent> errorCleared() {
        return event(Events.errorCleared());
    }

    /** A move from {@link #globalPath()} has begun. */
    public Change<RepoEvent> moveStarted(UUID workflow, String newPath) {
        return event(Events.moveStarted(workflow, place(globalPath), shadowPath(), place(newPath)));
    }

    /** A move is done. */
    public Change<RepoEvent> moved(UUID workflow, String newPath) {
        return event(Events.moved(workflow, place(newPath), shadowPath(newPath)));
    }

    /** A move of the shadow has begun. */
    public Change<RepoEvent> shadowMoveStarted(UUID workflow) {
        return event(Events.shadowMoveStarted(workflow, "/moved" + shadowPath()));
    }

    /** A move of the shadow is done. */
    public Change<RepoEvent> shadowMoved(UUID workflow) {
        return event(Events.shadowMoved(workflow, "/moved" + shadowPath()));
    }

    /** Any event of the repo's stream. */
    public Change<RepoEvent> event(RepoEvent body) {
        return new Change<>(new RepoKey(id), body);
    }

    private FsoRepoInitInfo.Builder init(String path) {
        return FsoRepoInitInfo.newBuilder()
                .setRegistry(registry)
                .setGlobalPath(path)
                .setCreatorName("A. Author")
                .setCreatorEmail("author@example.org")
                .setFileHost(host)
                .setHostPath("/data" + path)
                .setSubdirTracking(SubdirTracking.ST_ENTER_SUBDIRS);
    }

    FsoRepoInitInfo place(String path) {
        return FsoRepoInitInfo.newBuilder()
                .setGlobalPath(path)
                .setFileHost(host)
                .setHostPath("/data" + path)
                .build();
    }
}
