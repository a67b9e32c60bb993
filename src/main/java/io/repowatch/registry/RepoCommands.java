package io.repowatch.registry;

import io.repowatch.wire.nogfso.FsoGitRepoInfo;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoShadowRepoInfo;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The commands of the repo aggregate (registry specification §3.3). */
final class RepoCommands {
    static final String UNINITIALIZED = "uninitialized repo";
    private static final String INIT_CONFLICT = "init conflict";

    private RepoCommands() {}

    /** A command for a repo whose history has begun: first what needs no state, then that there is a repo, then the rest. */
    interface OfInitialized extends Command<RepoState, RepoEvent> {
        /** What is wrong with the command itself; null if nothing is. */
        @Nullable
        String problem();

        Decision<RepoEvent> decideInitialized(RepoState state);

        @Override
        default Decision<RepoEvent> decide(RepoState state) {
            String problem = problem();
            if (problem != null) {
                return Decision.invalid(problem);
            }
            return state.initialized() ? decideInitialized(state) : Decision.notFound(UNINITIALIZED);
        }
    }

    /** Begins the history. */
    record Init(FsoRepoInitInfo info) implements Command<RepoState, RepoEvent> {
        @Override
        public Decision<RepoEvent> decide(RepoState state) {
            if (state.initialized()) {
                boolean same = state.init().getRegistry().equals(info.getRegistry())
                        && state.init().getGlobalPath().equals(info.getGlobalPath());
                return same ? Decision.nothing() : Decision.alreadyExists(INIT_CONFLICT);
            }
            if (info.getGitlabHost().isEmpty() != info.getGitlabPath().isEmpty()) {
                return Decision.invalid("invalid Gitlab config");
            }
            if (!InitPolicies.isChoice(info.getSubdirTracking())) {
                return Decision.invalid("invalid subdir tracking");
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_REPO_INIT_STARTED)
                    .setFsoRepoInitInfo(info)
                    .build());
        }
    }

    /** The shadow repo exists. */
    record ConfirmShadow(String shadowPath) implements OfInitialized {
        @Override
        public @Nullable String problem() {
            return shadowPath.isEmpty() ? "missing shadow path" : null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            if (!state.shadowPath().isEmpty()) {
                return state.shadowPath().equals(shadowPath)
                        ? Decision.nothing()
                        : Decision.alreadyExists(INIT_CONFLICT);
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_SHADOW_REPO_CREATED)
                    .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setShadowPath(shadowPath))
                    .build());
        }
    }

    /** The GitLab project exists. */
    record ConfirmGit(long projectId) implements OfInitialized {
        @Override
        public @Nullable String problem() {
            return projectId <= 0 ? "missing GitLab project id" : null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            if (state.gitlabProjectId() != 0) {
                return state.gitlabProjectId() == projectId
                        ? Decision.nothing()
                        : Decision.alreadyExists(INIT_CONFLICT);
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_GIT_REPO_CREATED)
                    .setFsoGitRepoInfo(FsoGitRepoInfo.newBuilder().setGitlabProjectId(projectId))
                    .build());
        }
    }

    /** Gives a repo that has none a GitLab location. */
    record EnableGitlab(UUID repo, String namespace) implements OfInitialized {
        @Override
        public @Nullable String problem() {
            return GitlabLocation.isNamespace(namespace) ? null : "invalid Gitlab namespace";
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            GitlabLocation wanted = GitlabLocation.of(namespace, repo);
            FsoRepoInitInfo init = state.init();
            if (!init.getGitlabHost().isEmpty()) {
                return wanted.equals(new GitlabLocation(init.getGitlabHost(), init.getGitlabPath()))
                        ? Decision.nothing()
                        : Decision.alreadyExists("conflicting GitLab path");
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_ENABLE_GITLAB_ACCEPTED)
                    .setFsoRepoInitInfo(FsoRepoInitInfo.newBuilder()
                            .setGitlabHost(wanted.host())
                            .setGitlabPath(wanted.path()))
                    .build());
        }
    }

    /** Stores an error, which stops work on the repo until it is cleared. */
    record SetError(String message) implements OfInitialized {
        @Override
        public @Nullable String problem() {
            return message.isEmpty() ? "empty error message" : null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            if (!state.error().isEmpty()) {
                return state.error().equals(message)
                        ? Decision.nothing()
                        : Decision.failedPrecondition("command conflict");
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_REPO_ERROR_SET)
                    .setFsoRepoErrorMessage(message)
                    .build());
        }
    }

    /** Clears the error; the text proves that the caller has read it. */
    record ClearError(String message) implements OfInitialized {
        @Override
        public @Nullable String problem() {
            return message.isEmpty() ? "empty clear message" : null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            return state.error().equals(message)
                    ? Decision.event(
                            event(RepoEvent.Type.EV_FSO_REPO_ERROR_CLEARED).build())
                    : Decision.failedPrecondition("clear message mismatch");
        }
    }

    private static RepoEvent.Builder event(RepoEvent.Type type) {
        return RepoEvent.newBuilder().setEvent(type);
    }
}
