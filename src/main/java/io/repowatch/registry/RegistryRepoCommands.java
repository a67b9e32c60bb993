package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The registry's commands about repos. */
final class RegistryRepoCommands {
    static final String UNKNOWN_REPO = "unknown repo";
    static final String ID_IN_USE = "repo id already in use";

    private RegistryRepoCommands() {}

    /** Takes a new repo into the registry. */
    record AcceptRepo(UUID repo, String path, String creatorName, String creatorEmail) implements RegistryCommand {
        @Override
        public @Nullable String problem() {
            if (creatorName.isEmpty()) {
                return "missing creator name";
            }
            return creatorEmail.isEmpty() ? "missing creator email" : null;
        }

        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            Rejection rejection = rejection(state);
            if (rejection != null) {
                return Decision.rejected(rejection);
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_ACCEPTED)
                    .setFsoRepoInfo(FsoRepoInfo.newBuilder()
                            .setId(WireFields.bytes(repo))
                            .setGlobalPath(path)
                            .setCreatorName(creatorName)
                            .setCreatorEmail(creatorEmail))
                    .build());
        }

        private @Nullable Rejection rejection(RegistryState state) {
            if (state.isTaken(path)) {
                return new Rejection(Status.Code.ALREADY_EXISTS, "repo already initialized at path");
            }
            if (state.repo(repo) != null) {
                return new Rejection(Status.Code.ALREADY_EXISTS, ID_IN_USE);
            }
            if (state.nearestRoot(path) == null) {
                return new Rejection(Status.Code.NOT_FOUND, RootCommands.UNKNOWN_ROOT);
            }
            return MoveNeighbours.refusedAbove(state, path);
        }
    }

    /** The repo's own history has begun with {@code repoEvent}. */
    record ConfirmRepo(UUID repo, Vid repoEvent) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(UNKNOWN_REPO);
            }
            if (known.confirmed()) {
                return Decision.nothing();
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_ADDED)
                    .setFsoRepoInfo(named(known))
                    .setRepoEventId(WireFields.bytes(repoEvent))
                    .build());
        }
    }

    /** Notes that the repo is to be initialised again. */
    record ReinitRepo(UUID repo, String reason) implements RegistryCommand {
        @Override
        public @Nullable String problem() {
            return reason.isEmpty() ? "empty reason" : null;
        }

        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(UNKNOWN_REPO);
            }
            if (known.reinitReason().equals(reason)) {
                return Decision.alreadyExists("reason already applied");
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_REINIT_ACCEPTED)
                    .setFsoRepoInfo(named(known))
                    .setFsoRepoReinitReason(reason)
                    .build());
        }
    }

    /** Gives a repo without GitLab a namespace. */
    record EnableGitlabRepo(UUID repo, String namespace) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(UNKNOWN_REPO);
            }
            if (!GitlabLocation.isNamespace(namespace)) {
                return Decision.invalid("Gitlab namespace missing slash");
            }
            if (!known.gitlabNamespace().isEmpty()) {
                return known.gitlabNamespace().equals(namespace)
                        ? Decision.nothing()
                        : Decision.alreadyExists("GitLab already initialized with conflicting namespace");
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_ENABLE_GITLAB_ACCEPTED)
                    .setRepoId(WireFields.bytes(repo))
                    .setGitlabNamespace(namespace)
                    .build());
        }
    }

    private static FsoRepoInfo named(RegistryRepo repo) {
        return FsoRepoInfo.newBuilder()
                .setId(WireFields.bytes(repo.id()))
                .setGlobalPath(repo.path())
                .build();
    }
}
