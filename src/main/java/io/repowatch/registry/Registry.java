package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.repowatch.id.Principal;
import io.repowatch.journal.Journal;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ClearRepoErrorO;
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
import io.repowatch.wire.nogfso.GetRegistriesI;
import io.repowatch.wire.nogfso.GetRegistriesO;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.GetRootsO;
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
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.SetRepoErrorO;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyI;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyO;
import io.repowatch.wire.nogfso.UpdateRepoNamingI;
import io.repowatch.wire.nogfso.UpdateRepoNamingO;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
    private final StreamCalls streams;
    private final SignalCalls signals;
    private final ChangeHub hub;
    private final Feed feed;

    private Registry(Journal journal, RegistryConfig config, FeedLimits limits) {
        Identities identities = new Identities(config.clock(), config.random(), journal.newest());
        CommandLoops loops = new CommandLoops(journal, config, identities);
        hub = new ChangeHub(journal);
        main = new MainCalls(loops, config.authorizer());
        registries = new RegistryCalls(loops, config.authorizer());
        roots = new RootCalls(loops, config.authorizer());
        initRepo = new InitRepoCall(loops, config.authorizer(), identities);
        repos = new RepoCalls(journal, loops, config.authorizer());
        streams = new StreamCalls(
                new EventStream(journal, hub, config.scheduler(), config.messageBytes()), repos, config.authorizer());
        signals = new SignalCalls(journal, hub, config.scheduler(), config.authorizer());
        feed = new Feed(
                new FeedCalls(journal, hub, loops, config.scheduler(), config.authorizer(), limits),
                streams,
                hub,
                limits);
    }

    /** Serves a journal. Reads nothing yet: states are loaded when they are first needed. The journal stays the caller's. */
    public static Registry open(Journal journal, RegistryConfig config) {
        return open(journal, config, FeedLimits.DEFAULTS);
    }

    /** As above, with other limits. */
    static Registry open(Journal journal, RegistryConfig config, FeedLimits limits) {
        return new Registry(journal, config, limits);
    }

    /** What the Feed service needs. */
    record Feed(FeedCalls calls, StreamCalls streams, ChangeHub hub, FeedLimits limits) {}

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

    /**
     * Which entities have news: an empty message at once, from when on nothing is missed, then messages with distinct ids, as
     * many as have come together whenever the subscriber is ready.
     */
    public Flux<AggregateSignalsO> aggregateSignals(Principal principal, AggregateSignalsI request) {
        return signals.aggregateSignals(principal, request);
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
