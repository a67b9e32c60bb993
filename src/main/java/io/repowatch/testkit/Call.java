package io.repowatch.testkit;

import java.util.UUID;

/**
 * One call of a port.
 *
 * @param kind the operation
 * @param repo the repo it is about
 */
public record Call(Kind kind, UUID repo) {

    /** The operations of the ports. */
    public enum Kind {
        /** {@code Initializer.getRepo}. */
        GET_REPO,
        /** {@code Initializer.initRepo}. */
        INIT_REPO,
        /** {@code Initializer.enableGitlab}. */
        ENABLE_GITLAB,
        /** {@code Processor.enable}. */
        ENABLE,
        /** {@code Processor.disable}. */
        DISABLE,
        /** {@code RegistryCommands.setRepoError}. */
        SET_REPO_ERROR,
        /** {@code WorkflowActivities.release}. */
        RELEASE,
        /** {@code WorkflowActivities.acquire}. */
        ACQUIRE,
        /** {@code WorkflowActivities.moveShadow}. */
        MOVE_SHADOW
    }

    /** A call of {@code Initializer.getRepo}. */
    public static Call getRepo(ScriptedRepo repo) {
        return new Call(Kind.GET_REPO, repo.id());
    }

    /** A call of {@code Initializer.initRepo}. */
    public static Call initRepo(ScriptedRepo repo) {
        return new Call(Kind.INIT_REPO, repo.id());
    }

    /** A call of {@code Initializer.enableGitlab}. */
    public static Call enableGitlab(ScriptedRepo repo) {
        return new Call(Kind.ENABLE_GITLAB, repo.id());
    }

    /** A call of {@code Processor.enable}. */
    public static Call enable(ScriptedRepo repo) {
        return new Call(Kind.ENABLE, repo.id());
    }

    /** A call of {@code Processor.disable}. */
    public static Call disable(ScriptedRepo repo) {
        return new Call(Kind.DISABLE, repo.id());
    }

    /** A call of {@code RegistryCommands.setRepoError}. */
    public static Call setRepoError(ScriptedRepo repo) {
        return new Call(Kind.SET_REPO_ERROR, repo.id());
    }

    /** A call of {@code WorkflowActivities.release}. */
    public static Call release(ScriptedRepo repo) {
        return new Call(Kind.RELEASE, repo.id());
    }

    /** A call of {@code WorkflowActivities.acquire}. */
    public static Call acquire(ScriptedRepo repo) {
        return new Call(Kind.ACQUIRE, repo.id());
    }

    /** A call of {@code WorkflowActivities.moveShadow}. */
    public static Call moveShadow(ScriptedRepo repo) {
        return new Call(Kind.MOVE_SHADOW, repo.id());
    }
}
