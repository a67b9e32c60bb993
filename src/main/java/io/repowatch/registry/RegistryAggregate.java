package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRegistryInfo;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.UUID;

/** The registry aggregate (registry specification §3.2), with the commands that concern the registry as a whole. */
enum RegistryAggregate implements Aggregate<RegistryState, RegistryEvent> {
    INSTANCE;

    /** Begins the history. */
    record Init(String name) implements Command<RegistryState, RegistryEvent> {
        @Override
        public Decision<RegistryEvent> decide(RegistryState state) {
            if (state.initialized()) {
                return state.name().equals(name) ? Decision.nothing() : Decision.alreadyExists("init conflict");
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REGISTRY_ADDED)
                    .setFsoRegistryInfo(FsoRegistryInfo.newBuilder().setName(name))
                    .build());
        }
    }

    /** Names the index of the registry's workflows. */
    record EnableEphemeralWorkflows(UUID index) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            UUID known = state.ephemeralWorkflows();
            if (known != null) {
                return known.equals(index)
                        ? Decision.nothing()
                        : Decision.alreadyExists("ephemeral workflows ID conflict");
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_EPHEMERAL_WORKFLOWS_ENABLED)
                    .setEphemeralWorkflowsId(WireFields.bytes(index))
                    .build());
        }
    }

    @Override
    public Category category() {
        return Category.REGISTRY;
    }

    @Override
    public String errorPrefix() {
        return "registry error: ";
    }

    @Override
    public RegistryState initial() {
        return RegistryState.INITIAL;
    }

    @Override
    public RegistryState evolve(RegistryState state, RegistryEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_REGISTRY_ADDED -> state.named(event.getFsoRegistryInfo().getName());
            case EV_EPHEMERAL_WORKFLOWS_ENABLED ->
                state.withEphemeralWorkflows(WireFields.stored(event.getEphemeralWorkflowsId()));
            case EV_FSO_REPO_ACL_POLICY_UPDATED ->
                state.withAclPolicy(event.getRepoAclPolicy().getPolicy());
            case EV_FSO_ROOT_ADDED,
                    EV_FSO_ROOT_UPDATED,
                    EV_FSO_ROOT_REMOVED,
                    EV_FSO_REPO_NAMING_UPDATED,
                    EV_FSO_REPO_NAMING_CONFIG_UPDATED,
                    EV_FSO_REPO_INIT_POLICY_UPDATED -> evolveRoot(state, event);
            case EV_FSO_REPO_ACCEPTED,
                    EV_FSO_REPO_ADDED,
                    EV_FSO_REPO_REINIT_ACCEPTED,
                    EV_FSO_REPO_ENABLE_GITLAB_ACCEPTED,
                    EV_FSO_REPO_MOVE_ACCEPTED,
                    EV_FSO_REPO_MOVED,
                    EV_FSO_SHADOW_REPO_MOVE_STARTED -> evolveRepo(state, event);
            default -> evolveTier(state, event);
        };
    }

    private static RegistryState evolveRoot(RegistryState state, RegistryEvent event) {
        FsoRootInfo info = event.getFsoRootInfo();
        String root = WireFields.trimmed(info.getGlobalRoot());
        FsoRepoNaming naming = event.getFsoRepoNaming();
        String named = WireFields.trimmed(naming.getGlobalRoot());
        return switch (event.getEvent()) {
            case EV_FSO_ROOT_ADDED -> state.withRoot(RegistryRoot.of(root, info));
            case EV_FSO_ROOT_UPDATED -> state.withRoot(root, old -> old.updated(info));
            case EV_FSO_ROOT_REMOVED -> state.withoutRoot(root);
            case EV_FSO_REPO_NAMING_UPDATED -> state.withRoot(named, old -> old.named(naming, false));
            case EV_FSO_REPO_NAMING_CONFIG_UPDATED -> state.withRoot(named, old -> patched(old, naming));
            case EV_FSO_REPO_INIT_POLICY_UPDATED ->
                state.withRoot(
                        WireFields.trimmed(event.getFsoRepoInitPolicy().getGlobalRoot()),
                        old -> old.withPolicy(event.getFsoRepoInitPolicy()));
            default -> state;
        };
    }

    private static RegistryRoot patched(RegistryRoot root, FsoRepoNaming patch) {
        FsoRepoNaming base = root.naming();
        return base == null ? root : root.named(NamingRules.merged(base, patch), true);
    }

    private static RegistryState evolveRepo(RegistryState state, RegistryEvent event) {
        FsoRepoInfo info = event.getFsoRepoInfo();
        UUID id = WireFields.stored(info.getId());
        Vid vid = WireFields.storedVid(event.getId());
        Vid repoEvent = WireFields.storedVid(event.getRepoEventId());
        return switch (event.getEvent()) {
            case EV_FSO_REPO_ACCEPTED -> accepted(state, id, info.getGlobalPath(), vid);
            case EV_FSO_REPO_ADDED -> state.withRepo(id, repo -> repo.confirmed(vid, repoEvent));
            case EV_FSO_REPO_REINIT_ACCEPTED ->
                state.withRepo(id, repo -> repo.reinitialized(event.getFsoRepoReinitReason()));
            case EV_FSO_REPO_ENABLE_GITLAB_ACCEPTED ->
                state.withRepo(
                        WireFields.stored(event.getRepoId()), repo -> repo.withGitlab(event.getGitlabNamespace()));
            case EV_FSO_REPO_MOVE_ACCEPTED ->
                state.withMove(id, WireFields.stored(event.getWorkflowId()), info.getGlobalPath());
            case EV_FSO_REPO_MOVED -> moved(state, id, info.getGlobalPath(), repoEvent);
            case EV_FSO_SHADOW_REPO_MOVE_STARTED ->
                state.withRepo(WireFields.stored(event.getRepoId()), repo -> repo.following(repoEvent));
            default -> state;
        };
    }

    private static RegistryState accepted(RegistryState state, UUID id, String path, Vid vid) {
        RegistryRoot root = state.nearestRoot(path);
        return state.withNewRepo(RegistryRepo.accepted(id, path, root == null ? "" : root.gitlabNamespace(), vid));
    }

    private static RegistryState moved(RegistryState state, UUID id, String path, Vid repoEvent) {
        RegistryRepo repo = state.repo(id);
        return repo == null ? state : state.withMoved(repo, repo.moved(path, repoEvent));
    }

    private static RegistryState evolveTier(RegistryState state, RegistryEvent event) {
        StorageTierCode tier = StorageTiers.after(event.getEventValue(), event.getStatusCode());
        return tier == null
                ? state
                : state.withRepo(
                        WireFields.stored(event.getRepoId()),
                        repo -> repo.inTier(
                                tier, StorageTiers.work(repo.storageWorkflow(), event.getWorkflowId(), event.getId())));
    }

    @Override
    public RegistryEvent parse(byte[] body) throws InvalidProtocolBufferException {
        return RegistryEvent.parseFrom(body);
    }

    @Override
    public RegistryEvent identified(RegistryEvent event, Vid id, Vid parent) {
        return event.toBuilder()
                .setId(WireFields.bytes(id))
                .setParent(WireFields.bytes(parent))
                .build();
    }

    @Override
    public byte[] bytes(RegistryEvent event) {
        return event.toByteArray();
    }
}
