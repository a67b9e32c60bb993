package io.repowatch.testkit;

import java.util.UUID;

/**
 * One call of a port.
 *
 * @param kind the operation
 * @param repo the repo it is about; the workflow for {@link Kind#SERVER_PING}
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
        /** {@code Initializer.moveRepo}. */
        MOVE_REPO,
        /** {@code Processor.freeze}. */
        FREEZE,
        /** {@code Processor.unfreeze}. */
        UNFREEZE,
        /** {@code Processor.undoFreeze}. */
        UNDO_FREEZE,
        /** {@code RegistryCommands.postMoveRepoStaReleased}. */
        POST_RELEASED,
        /** {@code RegistryCommands.commitMoveRepo}. */
        COMMIT_MOVE,
        /** {@code RegistryCommands.postMoveShadowStaDisabled}. */
        POST_DISABLED,
        /** {@code RegistryCommands.commitFreezeRepoFiles}. */
        COMMIT_FREEZE,
        /** {@code RegistryCommands.abortFreezeRepoFiles}. */
        ABORT_FREEZE,
        /** {@code RegistryCommands.commitUnfreezeRepoFiles}. */
        COMMIT_UNFREEZE,
        /** {@code RegistryCommands.abortUnfreezeRepoFiles}. */
        ABORT_UNFREEZE,
        /** {@code RegistryCommands.serverPing}. */
        SERVER_PING
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

    /** A call of {@code Initializer.moveRepo}. */
    public static Call moveRepo(ScriptedRepo repo) {
        return new Call(Kind.MOVE_REPO, repo.id());
    }

    /** A call of {@code Processor.freeze}. */
    public static Call freeze(ScriptedRepo repo) {
        return new Call(Kind.FREEZE, repo.id());
    }

    /** A call of {@code Processor.unfreeze}. */
    public static Call unfreeze(ScriptedRepo repo) {
        return new Call(Kind.UNFREEZE, repo.id());
    }

    /** A call of {@code Processor.undoFreeze}. */
    public static Call undoFreeze(ScriptedRepo repo) {
        return new Call(Kind.UNDO_FREEZE, repo.id());
    }

    /** A call of {@code RegistryCommands.postMoveRepoStaReleased}. */
    public static Call postReleased(ScriptedRepo repo) {
        return new Call(Kind.POST_RELEASED, repo.id());
    }

    /** A call of {@code RegistryCommands.commitMoveRepo}. */
    public static Call commitMove(ScriptedRepo repo) {
        return new Call(Kind.COMMIT_MOVE, repo.id());
    }

    /** A call of {@code RegistryCommands.postMoveShadowStaDisabled}. */
    public static Call postDisabled(ScriptedRepo repo) {
        return new Call(Kind.POST_DISABLED, repo.id());
    }

    /** A call of {@code RegistryCommands.commitFreezeRepoFiles}. */
    public static Call commitFreeze(ScriptedRepo repo) {
        return new Call(Kind.COMMIT_FREEZE, repo.id());
    }

    /** A call of {@code RegistryCommands.abortFreezeRepoFiles}. */
    public static Call abortFreeze(ScriptedRepo repo) {
        return new Call(Kind.ABORT_FREEZE, repo.id());
    }

    /** A call of {@code RegistryCommands.commitUnfreezeRepoFiles}. */
    public static Call commitUnfreeze(ScriptedRepo repo) {
        return new Call(Kind.COMMIT_UNFREEZE, repo.id());
    }

    /** A call of {@code RegistryCommands.abortUnfreezeRepoFiles}. */
    public static Call abortUnfreeze(ScriptedRepo repo) {
        return new Call(Kind.ABORT_UNFREEZE, repo.id());
    }

    /** A call of {@code RegistryCommands.serverPing}; in place of a repo it names the workflow. */
    public static Call serverPing(ScriptedPing ping) {
        return new Call(Kind.SERVER_PING, ping.workflow());
    }
}
