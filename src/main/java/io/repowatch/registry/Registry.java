package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.repowatch.id.Principal;
import io.repowatch.journal.Journal;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesO;
import io.repowatch.wire.nogfso.AbortFreezeRepoI;
import io.repowatch.wire.nogfso.AbortFreezeRepoO;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoO;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.BeginFreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginFreezeRepoFilesO;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginFreezeRepoO;
import io.repowatch.wire.nogfso.BeginMoveRepoI;
import io.repowatch.wire.nogfso.BeginMoveRepoO;
import io.repowatch.wire.nogfso.BeginMoveShadowI;
import io.repowatch.wire.nogfso.BeginMoveShadowO;
import io.repowatch.wire.nogfso.BeginPingRegistryI;
import io.repowatch.wire.nogfso.BeginPingRegistryO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoO;
import io.repowatch.wire.nogfso.BroadcastEventsI;
import io.repowatch.wire.nogfso.BroadcastEventsO;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ClearRepoErrorO;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitFreezeRepoI;
import io.repowatch.wire.nogfso.CommitFreezeRepoO;
import io.repowatch.wire.nogfso.CommitMoveRepoI;
import io.repowatch.wire.nogfso.CommitMoveRepoO;
import io.repowatch.wire.nogfso.CommitMoveShadowI;
import io.repowatch.wire.nogfso.CommitMoveShadowO;
import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.CommitPingRegistryO;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoO;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmGitO;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.ConfirmShadowO;
import io.repowatch.wire.nogfso.DisableGitlabRootI;
import io.repowatch.wire.nogfso.DisableGitlabRootO;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsI;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsO;
import io.repowatch.wire.nogfso.EnableGitlabRepoI;
import io.repowatch.wire.nogfso.EnableGitlabRepoO;
import io.repowatch.wire.nogfso.EnableGitlabRootI;
import io.repowatch.wire.nogfso.EnableGitlabRootO;
import io.repowatch.wire.nogfso.GetFreezeRepoI;
import io.repowatch.wire.nogfso.GetFreezeRepoO;
import io.repowatch.wire.nogfso.GetRegistriesI;
import io.repowatch.wire.nogfso.GetRegistriesO;
import io.repowatch.wire.nogfso.GetRegistryPingsI;
import io.repowatch.wire.nogfso.GetRegistryPingsO;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.GetRootsO;
import io.repowatch.wire.nogfso.GetUnfreezeRepoI;
import io.repowatch.wire.nogfso.GetUnfreezeRepoO;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InfoO;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRegistryO;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.InitRootO;
import io.repowatch.wire.nogfso.PatchRepoNamingI;
import io.repowatch.wire.nogfso.PatchRepoNamingO;
import io.repowatch.wire.nogfso.PostGitRefUpdatedI;
import io.repowatch.wire.nogfso.PostGitRefUpdatedO;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedI;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedO;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedI;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedO;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledI;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledO;
import io.repowatch.wire.nogfso.PostServerPingSummaryI;
import io.repowatch.wire.nogfso.PostServerPingSummaryO;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsO;
import io.repowatch.wire.nogfso.ReinitRepoI;
import io.repowatch.wire.nogfso.ReinitRepoO;
import io.repowatch.wire.nogfso.RemoveRootI;
import io.repowatch.wire.nogfso.RemoveRootO;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsO;
import io.repowatch.wire.nogfso.ServerPingI;
import io.repowatch.wire.nogfso.ServerPingO;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.SetRepoErrorO;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyI;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyO;
import io.repowatch.wire.nogfso.UpdateRepoNamingI;
import io.repowatch.wire.nogfso.UpdateRepoNamingO;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.AbortReply;
import io.repowatch.wire.v1.AbortRequest;
import io.repowatch.wire.v1.LookupReply;
import io.repowatch.wire.v1.LookupRequest;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The registries of one journal, as a Java API: one method for each request of the wire contract, with its messages. May be
 * shared by any number of threads; one instance per journal, which it is the only one to append registries and repos to.
 *
 * <p><b>Commands</b> (what emits an {@code …O} with a version) are cold: each subscription is one command. Commands of one
 * registry are decided one after the other on the newest state and answered once durable; what they store is one append, so a
 * crash leaves all of it or nothing. A command that finds the wanted state already there stores nothing and answers the
 * current version. <b>Queries</b> answer from durable state. <b>Streams</b> follow registry specification §2.2: without
 * {@code watch} they complete when caught up, with it they end in error only; they honour demand and remember a position, not
 * events; cancelling closes the read.
 *
 * <p>Values arrive on the configured scheduler, those of a query also on the subscribing or a journal's thread. Cancelling a
 * command before it was decided prevents it; later it only drops the answer.
 *
 * <p><b>Errors</b>: {@link io.repowatch.observer.CommandRejectedException} with the name of a gRPC status code for a refusal,
 * {@link io.repowatch.id.AccessDeniedException} where the authorizer says no, {@link io.repowatch.journal.JournalException}
 * where the journal failed (the command may be repeated).
 */
public final class Registry implements AutoCloseable {
    private final MainCalls main;
    private final RegistryCalls registries;
    private final RootCalls roots;
    private final InitRepoCall initRepo;
    private final RepoCalls repos;
    private final MoveRepoCalls repoMoves;
    private final MoveShadowCalls shadowMoves;
    private final WorkflowCalls workflows;
    private final StreamCalls streams;
    private final SignalCalls signals;
    private final EphemeralCalls ephemeral;
    private final FreezeCalls freezes;
    private final UnfreezeCalls unfreezes;
    private final PingCalls pings;
    private final BroadcastCalls broadcast;
    private final ChangeHub hub;
    private final Feed feed;

    private Registry(Journal journal, RegistryConfig config, CommandLoops.Maker maker, FeedLimits limits) {
        Identities identities = new Identities(config.clock(), config.random(), journal.newest());
        CommandLoops loops = maker.make(journal, config, identities);
        hub = new ChangeHub(journal);
        main = new MainCalls(loops, config.authorizer());
        registries = new RegistryCalls(loops, config.authorizer());
        roots = new RootCalls(loops, config.authorizer());
        initRepo = new InitRepoCall(loops, config.authorizer(), identities);
        repos = new RepoCalls(journal, loops, config.authorizer());
        repoMoves = new MoveRepoCalls(loops, repos, config.authorizer(), config.moveAccept());
        shadowMoves = new MoveShadowCalls(loops, repos);
        ephemeral = new EphemeralCalls(journal, hub, config.scheduler(), loops);
        streams = new StreamCalls(
                new EventStream(journal, hub, config.scheduler(), config.messageBytes()),
                repos,
                ephemeral,
                config.authorizer());
        StorageCalls freezing = new StorageCalls(StorageChange.FREEZE, ephemeral, config.authorizer());
        StorageCalls unfreezing = new StorageCalls(StorageChange.UNFREEZE, ephemeral, config.authorizer());
        freezes = new FreezeCalls(new BeginStorageCall(StorageChange.FREEZE, loops, config.authorizer()), freezing);
        unfreezes =
                new UnfreezeCalls(new BeginStorageCall(StorageChange.UNFREEZE, loops, config.authorizer()), unfreezing);
        pings = new PingCalls(ephemeral, config.authorizer());
        workflows = new WorkflowCalls(
                journal,
                loops,
                Map.of(
                        WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED, repoMoves,
                        WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED, shadowMoves,
                        WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2, freezing,
                        WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_STARTED_2, unfreezing,
                        WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED, pings));
        broadcast = new BroadcastCalls(journal, hub, identities, config);
        signals = new SignalCalls(journal, hub, config.scheduler(), config.authorizer());
        feed = new Feed(
                new FeedCalls(journal, hub, loops, config.scheduler(), config.authorizer(), limits),
                streams,
                hub,
                limits,
                config.scheduler());
    }

    /** Serves a journal. Reads nothing yet: states are loaded when they are first needed. The journal stays the caller's. */
    public static Registry open(Journal journal, RegistryConfig config) {
        return new Registry(journal, config, CommandLoops::new, FeedLimits.DEFAULTS);
    }

    /** As above, with loops that a test makes. */
    static Registry open(Journal journal, RegistryConfig config, CommandLoops.Maker maker) {
        return new Registry(journal, config, maker, FeedLimits.DEFAULTS);
    }

    /** As above, with other limits. */
    static Registry open(Journal journal, RegistryConfig config, FeedLimits limits) {
        return new Registry(journal, config, CommandLoops::new, limits);
    }

    /** What the Feed service needs. */
    record Feed(FeedCalls calls, StreamCalls streams, ChangeHub hub, FeedLimits limits, Scheduler scheduler) {}

    Feed feed() {
        return feed;
    }

    /** Which registries there are, in the order in which they were accepted. */
    public Mono<GetRegistriesO> getRegistries(Principal principal, GetRegistriesI request) {
        return main.getRegistries(principal);
    }

    /** Adds a registry; it can be used when the answer comes. Fine if it exists. */
    public Mono<InitRegistryO> initRegistry(Principal principal, InitRegistryI request) {
        return main.initRegistry(principal, request);
    }

    /** Names the index of the registry's workflows. */
    public Mono<EnableEphemeralWorkflowsO> enableEphemeralWorkflows(
            Principal principal, EnableEphemeralWorkflowsI request) {
        return registries.enableEphemeralWorkflows(principal, request);
    }

    /** Maps a part of the name space to a directory of a host. Fine if the root exists, whatever it maps to. */
    public Mono<InitRootO> initRoot(Principal principal, InitRootI request) {
        return roots.initRoot(principal, request)
                .map(vid -> InitRootO.newBuilder().setVid(vid).build());
    }

    /** Removes a root that no repo is below. */
    public Mono<RemoveRootO> removeRoot(Principal principal, RemoveRootI request) {
        return roots.removeRoot(principal, request)
                .map(vid -> RemoveRootO.newBuilder().setVid(vid).build());
    }

    /** Gives a root a GitLab namespace, for repos that are initialised later. */
    public Mono<EnableGitlabRootO> enableGitlabRoot(Principal principal, EnableGitlabRootI request) {
        return roots.enableGitlabRoot(principal, request)
                .map(vid -> EnableGitlabRootO.newBuilder().setVid(vid).build());
    }

    /** Takes a root's GitLab namespace away, for repos that are initialised later. */
    public Mono<DisableGitlabRootO> disableGitlabRoot(Principal principal, DisableGitlabRootI request) {
        return roots.disableGitlabRoot(principal, request)
                .map(vid -> DisableGitlabRootO.newBuilder().setVid(vid).build());
    }

    /** Sets the rule that says which directories below a root are repos. */
    public Mono<UpdateRepoNamingO> updateRepoNaming(Principal principal, UpdateRepoNamingI request) {
        return roots.updateRepoNaming(principal, request)
                .map(vid -> UpdateRepoNamingO.newBuilder().setVid(vid).build());
    }

    /** Adds to that rule. */
    public Mono<PatchRepoNamingO> patchRepoNaming(Principal principal, PatchRepoNamingI request) {
        return roots.patchRepoNaming(principal, request)
                .map(vid -> PatchRepoNamingO.newBuilder().setVid(vid).build());
    }

    /** Sets how repos below a root that are initialised later track their subdirectories. */
    public Mono<UpdateRepoInitPolicyO> updateRepoInitPolicy(Principal principal, UpdateRepoInitPolicyI request) {
        return roots.updateRepoInitPolicy(principal, request)
                .map(vid -> UpdateRepoInitPolicyO.newBuilder().setVid(vid).build());
    }

    /** Adds a repo, accepted, begun and confirmed at once. With a chosen id the same request may be repeated. */
    public Mono<InitRepoO> initRepo(Principal principal, InitRepoI request) {
        return initRepo.initRepo(principal, request);
    }

    /** Notes a reason to initialise a repo again. */
    public Mono<ReinitRepoO> reinitRepo(Principal principal, ReinitRepoI request) {
        return registries
                .reinitRepo(principal, request)
                .map(vid -> ReinitRepoO.newBuilder().setVid(vid).build());
    }

    /** Gives a repo that has none a GitLab location, in the registry and in the repo at once. */
    public Mono<EnableGitlabRepoO> enableGitlabRepo(Principal principal, EnableGitlabRepoI request) {
        return registries
                .enableGitlabRepo(principal, request)
                .map(vid -> EnableGitlabRepoO.newBuilder().setVid(vid).build());
    }

    /**
     * Starts to move a repo, in the registry, the repo and the workflow at once. The new path is reserved until the move has
     * ended; listings and authorization stay with the old one until {@link #commitMoveRepo}. Refused while the repo is frozen
     * or its shadow moves.
     */
    public Mono<BeginMoveRepoO> beginMoveRepo(Principal principal, BeginMoveRepoI request) {
        return repoMoves
                .begin(principal, request)
                .map(vid -> BeginMoveRepoO.newBuilder().setVid(vid).build());
    }

    /** The application agrees to a move of a repo. */
    public Mono<PostMoveRepoAppAcceptedO> postMoveRepoAppAccepted(
            Principal principal, PostMoveRepoAppAcceptedI request) {
        return repoMoves
                .postAppAccepted(principal, request)
                .map(vid -> PostMoveRepoAppAcceptedO.newBuilder()
                        .setWorkflowVid(vid)
                        .build());
    }

    /** The old storage host has let a repo that moves go. */
    public Mono<PostMoveRepoStaReleasedO> postMoveRepoStaReleased(
            Principal principal, PostMoveRepoStaReleasedI request) {
        return repoMoves
                .postStaReleased(principal, request)
                .map(vid -> PostMoveRepoStaReleasedO.newBuilder()
                        .setWorkflowVid(vid)
                        .build());
    }

    /** Data and shadow of a repo are at their new place; ends the move in the workflow, the repo and the registry at once. */
    public Mono<CommitMoveRepoO> commitMoveRepo(Principal principal, CommitMoveRepoI request) {
        return repoMoves
                .commit(principal, request)
                .map(vid -> CommitMoveRepoO.newBuilder().setWorkflowVid(vid).build());
    }

    /** Starts to move the shadow of a repo, in the repo, the workflow and the registry at once. */
    public Mono<BeginMoveShadowO> beginMoveShadow(Principal principal, BeginMoveShadowI request) {
        return shadowMoves
                .begin(principal, request)
                .map(vid -> BeginMoveShadowO.newBuilder().setVid(vid).build());
    }

    /** The storage host does not use the shadow of a repo any more. */
    public Mono<PostMoveShadowStaDisabledO> postMoveShadowStaDisabled(
            Principal principal, PostMoveShadowStaDisabledI request) {
        return shadowMoves
                .postStaDisabled(principal, request)
                .map(vid -> PostMoveShadowStaDisabledO.newBuilder()
                        .setWorkflowVid(vid)
                        .build());
    }

    /** The shadow of a repo is at its new place; ends the move in the workflow and the repo at once. */
    public Mono<CommitMoveShadowO> commitMoveShadow(Principal principal, CommitMoveShadowI request) {
        return shadowMoves
                .commit(principal, request)
                .map(vid -> CommitMoveShadowO.newBuilder().setWorkflowVid(vid).build());
    }

    /**
     * Ends a workflow before its time, with events that every reader knows, in one append; everything stays where it was. A
     * move of a repo can be aborted until the old host has let it go, a move of a shadow until it is committed; later the
     * refusal says why not. May be repeated.
     */
    public Mono<AbortReply> abort(Principal principal, AbortRequest request) {
        return workflows.abort(principal, request);
    }

    /** How far a workflow is, from durable state. */
    public Mono<LookupReply> lookup(Principal principal, LookupRequest request) {
        return workflows.lookup(principal, request);
    }

    /** How many roots and repos a registry has. */
    public Mono<InfoO> info(Principal principal, InfoI request) {
        return registries.info(principal, request);
    }

    /** The roots, ordered by path. */
    public Mono<GetRootsO> getRoots(Principal principal, GetRootsI request) {
        return registries.getRoots(principal, request);
    }

    /** The repos at or below a prefix, in parts that are made as they are asked for; at least one, all of one version. */
    public Flux<GetReposO> listRepos(Principal principal, GetReposI request) {
        return registries.listRepos(principal, request);
    }

    /** The repos at or below a prefix, ordered by path; refused with RESOURCE_EXHAUSTED if they take more than 4 MiB. */
    public Mono<GetReposO> getRepos(Principal principal, GetReposI request) {
        return registries.getRepos(principal, request);
    }

    /** The events of a registry; an unknown registry is a stream without events. */
    public Flux<RegistryEventsO> registryEvents(Principal principal, RegistryEventsI request) {
        return streams.registryEvents(principal, request).map(bytes -> parsed(RegistryEventsO.parser(), bytes));
    }

    /** What is known of a repo. */
    public Mono<GetRepoO> getRepo(Principal principal, GetRepoI request) {
        return repos.getRepo(principal, request);
    }

    /** The shadow repo exists. */
    public Mono<ConfirmShadowO> confirmShadow(Principal principal, ConfirmShadowI request) {
        return repos.confirmShadow(principal, request)
                .map(vid -> ConfirmShadowO.newBuilder().setVid(vid).build());
    }

    /** The GitLab project exists. */
    public Mono<ConfirmGitO> confirmGit(Principal principal, ConfirmGitI request) {
        return repos.confirmGit(principal, request)
                .map(vid -> ConfirmGitO.newBuilder().setVid(vid).build());
    }

    /** Stores an error of at most 200 bytes on a repo that has none. */
    public Mono<SetRepoErrorO> setRepoError(Principal principal, SetRepoErrorI request) {
        return repos.setRepoError(principal, request)
                .map(vid -> SetRepoErrorO.newBuilder().setVid(vid).build());
    }

    /** Clears the error whose text is given. */
    public Mono<ClearRepoErrorO> clearRepoError(Principal principal, ClearRepoErrorI request) {
        return repos.clearRepoError(principal, request)
                .map(vid -> ClearRepoErrorO.newBuilder().setVid(vid).build());
    }

    /** The events of a repo; an unknown repo is an error. */
    public Flux<RepoEventsO> repoEvents(Principal principal, RepoEventsI request) {
        return streams.repoEvents(principal, request).map(bytes -> parsed(RepoEventsO.parser(), bytes));
    }

    /** The events of a durable workflow of a repo, which need not have begun. */
    public Flux<RepoWorkflowEventsO> repoWorkflowEvents(Principal principal, RepoWorkflowEventsI request) {
        return streams.repoWorkflowEvents(principal, request).map(bytes -> parsed(RepoWorkflowEventsO.parser(), bytes));
    }

    /** The events of the index of a registry's workflows. */
    public Flux<RegistryWorkflowIndexEventsO> registryWorkflowIndexEvents(
            Principal principal, RegistryWorkflowIndexEventsI request) {
        return streams.indexEvents(principal, request)
                .map(bytes -> parsed(RegistryWorkflowIndexEventsO.parser(), bytes));
    }

    /** The events of a workflow of a registry, which need not have begun. */
    public Flux<RegistryWorkflowEventsO> registryWorkflowEvents(Principal principal, RegistryWorkflowEventsI request) {
        return streams.registryWorkflowEvents(principal, request)
                .map(bytes -> parsed(RegistryWorkflowEventsO.parser(), bytes));
    }

    /** Begins a freeze of a repo: it is busy from now on, and its files may be worked on. The same request may be repeated. */
    public Mono<BeginFreezeRepoO> beginFreezeRepo(Principal principal, BeginFreezeRepoI request) {
        return freezes.begin(principal, request);
    }

    /** Ends a freeze whose files are done; nothing is left to do then, as the files' end ends it. */
    public Mono<CommitFreezeRepoO> commitFreezeRepo(Principal principal, CommitFreezeRepoI request) {
        return freezes.commit(principal, request);
    }

    /** Ends a freeze as failed; refused once it has succeeded. */
    public Mono<AbortFreezeRepoO> abortFreezeRepo(Principal principal, AbortFreezeRepoI request) {
        return freezes.abort(principal, request);
    }

    /** How a freeze stands, at once or (JC_WAIT) when it has ended. Cancel it, or give the call a deadline, to stop waiting. */
    public Mono<GetFreezeRepoO> getFreezeRepo(Principal principal, GetFreezeRepoI request) {
        return freezes.get(principal, request);
    }

    /** The files may be worked on, which they may since a freeze began. */
    public Mono<BeginFreezeRepoFilesO> beginFreezeRepoFiles(Principal principal, BeginFreezeRepoFilesI request) {
        return freezes.beginFiles(principal, request);
    }

    /** The files are done, so a freeze has succeeded: repo, registry and index learn it in the same append. */
    public Mono<CommitFreezeRepoFilesO> commitFreezeRepoFiles(Principal principal, CommitFreezeRepoFilesI request) {
        return freezes.commitFiles(principal, request);
    }

    /** The files could not be done, so a freeze has failed, with an error stored on the repo. */
    public Mono<AbortFreezeRepoFilesO> abortFreezeRepoFiles(Principal principal, AbortFreezeRepoFilesI request) {
        return freezes.abortFiles(principal, request);
    }

    /** Begins an unfreeze of a repo: it is busy from now on, and its files may be worked on. The same request may be repeated. */
    public Mono<BeginUnfreezeRepoO> beginUnfreezeRepo(Principal principal, BeginUnfreezeRepoI request) {
        return unfreezes.begin(principal, request);
    }

    /** Ends an unfreeze whose files are done; nothing is left to do then, as the files' end ends it. */
    public Mono<CommitUnfreezeRepoO> commitUnfreezeRepo(Principal principal, CommitUnfreezeRepoI request) {
        return unfreezes.commit(principal, request);
    }

    /** Ends an unfreeze as failed; refused once it has succeeded. */
    public Mono<AbortUnfreezeRepoO> abortUnfreezeRepo(Principal principal, AbortUnfreezeRepoI request) {
        return unfreezes.abort(principal, request);
    }

    /** How an unfreeze stands, at once or (JC_WAIT) when it has ended. Cancel it, or give the call a deadline, to stop waiting. */
    public Mono<GetUnfreezeRepoO> getUnfreezeRepo(Principal principal, GetUnfreezeRepoI request) {
        return unfreezes.get(principal, request);
    }

    /** The files may be worked on, which they may since an unfreeze began. */
    public Mono<BeginUnfreezeRepoFilesO> beginUnfreezeRepoFiles(Principal principal, BeginUnfreezeRepoFilesI request) {
        return unfreezes.beginFiles(principal, request);
    }

    /** The files are done, so an unfreeze has succeeded: repo, registry and index learn it in the same append. */
    public Mono<CommitUnfreezeRepoFilesO> commitUnfreezeRepoFiles(
            Principal principal, CommitUnfreezeRepoFilesI request) {
        return unfreezes.commitFiles(principal, request);
    }

    /** The files could not be done, so an unfreeze has failed, with an error stored on the repo. */
    public Mono<AbortUnfreezeRepoFilesO> abortUnfreezeRepoFiles(Principal principal, AbortUnfreezeRepoFilesI request) {
        return unfreezes.abortFiles(principal, request);
    }

    /** Begins to gather signs of life. The same request may be repeated. */
    public Mono<BeginPingRegistryO> beginPingRegistry(Principal principal, BeginPingRegistryI request) {
        return pings.begin(principal, request);
    }

    /** Somebody is alive; refused once the answers are counted. */
    public Mono<ServerPingO> serverPing(Principal principal, ServerPingI request) {
        return pings.ping(principal, request);
    }

    /** The answers are counted. */
    public Mono<PostServerPingSummaryO> postServerPingSummary(Principal principal, PostServerPingSummaryI request) {
        return pings.summarize(principal, request);
    }

    /** The requester has seen the summary. */
    public Mono<CommitPingRegistryO> commitPingRegistry(Principal principal, CommitPingRegistryI request) {
        return pings.commit(principal, request);
    }

    /** The answers so far, at once or (JC_WAIT) when they are counted. */
    public Mono<GetRegistryPingsO> getRegistryPings(Principal principal, GetRegistryPingsI request) {
        return pings.get(principal, request);
    }

    /**
     * The announcements of what has changed in the last thirty days, and of git refs: a durable channel beside the event
     * streams. Changes of one entity that are read together are announced once.
     */
    public Flux<BroadcastEventsO> broadcastEvents(Principal principal, BroadcastEventsI request) {
        return broadcast.events(principal, request);
    }

    /** Announces that a ref of a repo points to another commit. */
    public Mono<PostGitRefUpdatedO> postGitRefUpdated(Principal principal, PostGitRefUpdatedI request) {
        return broadcast.postGitRefUpdated(principal, request);
    }

    /**
     * Which entities have news: an empty message at once, from when on nothing is missed, then messages with distinct ids, as
     * many as have come together whenever the subscriber is ready.
     */
    public Flux<AggregateSignalsO> aggregateSignals(Principal principal, AggregateSignalsI request) {
        return signals.aggregateSignals(principal, request);
    }

    /** The workflows of the registries, for what time does to them. */
    EphemeralCalls ephemeral() {
        return ephemeral;
    }

    PingCalls pings() {
        return pings;
    }

    /** The streams as encoded messages, for services that hand the bytes through. */
    StreamCalls encodedStreams() {
        return streams;
    }

    /** How many watch streams are open, for tests of leaks. */
    int watching() {
        return hub.watching();
    }

    private static <T> T parsed(Parser<T> parser, byte[] message) {
        try {
            return parser.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message of stored events is not readable", e);
        }
    }

    /**
     * Ends the open watch and signal streams with {@code UNAVAILABLE}, {@code shutdown}. Commands that were decided go on to be
     * stored. Does not close the journal. Does not block; idempotent.
     */
    @Override
    public void close() {
        hub.close();
    }
}
