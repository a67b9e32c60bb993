package io.repowatch.registry;

import io.repowatch.wire.nogfso.FsoRepoInitPolicy;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import org.jspecify.annotations.Nullable;

/**
 * The registry's commands about roots. Paths in them are clean and without trailing slash already, so what is looked up is
 * what is stored.
 */
final class RootCommands {
    static final String UNKNOWN_ROOT = "unknown root";
    private static final String MISSING_SLASH = "Gitlab namespace missing slash";

    private RootCommands() {}

    /** Maps a part of the name space to a directory of a host. */
    record InitRoot(FsoRootInfo root) implements RegistryCommand {
        @Override
        public @Nullable String problem() {
            // A repo could not be placed below a root without them; the original noticed only when it moved one.
            if (root.getHost().isEmpty()) {
                return "missing host";
            }
            return namespaceProblem(root.getGitlabNamespace());
        }

        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            return state.root(root.getGlobalRoot()) != null
                    ? Decision.nothing()
                    : rootEvent(RegistryEvent.Type.EV_FSO_ROOT_ADDED, root);
        }
    }

    /** Takes a root away that no repo needs. */
    record RemoveRoot(String path) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            if (state.root(path) == null) {
                return Decision.notFound(UNKNOWN_ROOT);
            }
            if (state.hasRepoAtOrBelow(path)) {
                return Decision.failedPrecondition("root has repos");
            }
            return rootEvent(
                    RegistryEvent.Type.EV_FSO_ROOT_REMOVED,
                    FsoRootInfo.newBuilder().setGlobalRoot(path).build());
        }
    }

    /** Sets the GitLab namespace for repos that are initialised from now on. */
    record EnableGitlab(String path, String namespace) implements RegistryCommand {
        @Override
        public @Nullable String problem() {
            return namespace.isEmpty() ? MISSING_SLASH : namespaceProblem(namespace);
        }

        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            return withNamespace(state, path, namespace);
        }
    }

    /** Takes the GitLab namespace away for repos that are initialised from now on. */
    record DisableGitlab(String path) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            return withNamespace(state, path, "");
        }
    }

    /** Sets the rule that says which directories are repos. */
    record SetRepoNaming(FsoRepoNaming naming) implements RegistryCommand {
        @Override
        public @Nullable String problem() {
            return NamingRules.problem(naming);
        }

        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRoot root = state.root(naming.getGlobalRoot());
            if (root == null) {
                return Decision.notFound(UNKNOWN_ROOT);
            }
            if (naming.equals(root.naming()) && !root.namingPatched()) {
                return Decision.nothing();
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_NAMING_UPDATED)
                    .setFsoRepoNaming(naming)
                    .build());
        }
    }

    /** Adds to the rule that a root has. */
    record PatchRepoNaming(FsoRepoNaming patch) implements RegistryCommand {
        @Override
        public @Nullable String problem() {
            return NamingRules.patchProblem(patch);
        }

        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRoot root = state.root(patch.getGlobalRoot());
            if (root == null) {
                return Decision.notFound(UNKNOWN_ROOT);
            }
            FsoRepoNaming naming = root.naming();
            if (naming == null || !naming.getRule().equals(patch.getRule())) {
                return Decision.failedPrecondition("naming rule mismatch");
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_NAMING_CONFIG_UPDATED)
                    .setFsoRepoNaming(patch)
                    .build());
        }
    }

    /** Sets how repos that are initialised from now on track their subdirectories. */
    record SetRepoInitPolicy(FsoRepoInitPolicy policy) implements RegistryCommand {
        @Override
        public @Nullable String problem() {
            return InitPolicies.problem(policy);
        }

        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRoot root = state.root(policy.getGlobalRoot());
            if (root == null) {
                return Decision.notFound(UNKNOWN_ROOT);
            }
            if (policy.equals(root.initPolicy())) {
                return Decision.nothing();
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_INIT_POLICY_UPDATED)
                    .setFsoRepoInitPolicy(policy)
                    .build());
        }
    }

    private static Decision<RegistryEvent> withNamespace(RegistryState state, String path, String namespace) {
        RegistryRoot root = state.root(path);
        if (root == null) {
            return Decision.notFound(UNKNOWN_ROOT);
        }
        return root.gitlabNamespace().equals(namespace)
                ? Decision.nothing()
                : rootEvent(RegistryEvent.Type.EV_FSO_ROOT_UPDATED, root.info(namespace));
    }

    private static Decision<RegistryEvent> rootEvent(RegistryEvent.Type type, FsoRootInfo info) {
        return Decision.event(RegistryCommand.event(type).setFsoRootInfo(info).build());
    }

    static @Nullable String namespaceProblem(String namespace) {
        return namespace.isEmpty() || GitlabLocation.isNamespace(namespace) ? null : MISSING_SLASH;
    }
}
