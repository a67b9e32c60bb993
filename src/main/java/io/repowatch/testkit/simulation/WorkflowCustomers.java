package io.repowatch.testkit.simulation;

import static io.repowatch.testkit.simulation.Customers.PRINCIPAL;
import static io.repowatch.testkit.simulation.Customers.bytes;

import io.repowatch.id.EntityIds;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginMoveRepoI;
import io.repowatch.wire.nogfso.BeginMoveShadowI;
import io.repowatch.wire.nogfso.BeginPingRegistryI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoI;
import io.repowatch.wire.nogfso.CommitMoveShadowI;
import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedI;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.AbortRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Those who begin workflows, and who do the part of an application or an operator in them. */
final class WorkflowCustomers {
    private static final Duration LONGEST_THOUGHT = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final int PLACES = 3;

    private final World world;
    private final Customers customers;
    private final List<UUID> abortable = new ArrayList<>();
    private final Set<UUID> aborting = new HashSet<>();
    private final Map<UUID, String> shadowPaths = new HashMap<>();
    private int workflows;
    private int shadows;
    private int roots;

    WorkflowCustomers(World world, Customers customers) {
        this.world = world;
        this.customers = customers;
    }

    private UUID workflow() {
        UUID id = world.dice.uuid();
        world.trace.name(id, "w" + workflows++);
        return id;
    }

    /** Few places, so that several repos want the same one. */
    void moveRepo(RepoState repo) {
        move(repo, world.dice.pick(world.observers).prefix() + "/m" + world.dice.below(PLACES), false);
    }

    /** The directory moves, the global path stays. */
    void moveInPlace(RepoState repo) {
        if (repo.globalPath() == null) {
            return;
        }
        String path = repo.globalPath().value();
        if (roots == 0 && world.dice.oneIn(2)) {
            roots++;
            customers.request(
                    "init root " + path,
                    registry -> registry.initRoot(
                            PRINCIPAL,
                            InitRootI.newBuilder()
                                    .setRegistry(World.REGISTRY)
                                    .setGlobalRoot(path)
                                    .setHost(repo.fileHost())
                                    .setHostRoot("/other" + path)
                                    .build()),
                    () -> move(repo, path, true));
        } else {
            move(repo, path, true);
        }
    }

    private void move(RepoState repo, String path, boolean samePath) {
        UUID workflow = workflow();
        String what = world.trace.name(workflow) + " moves " + world.trace.name(repo.id()) + " to " + path;
        customers.request(
                what,
                registry -> registry.beginMoveRepo(
                        PRINCIPAL,
                        BeginMoveRepoI.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .setRepo(bytes(repo.id()))
                                .setWorkflow(bytes(workflow))
                                .setNewGlobalPath(path)
                                .setIsUnchangedGlobalPath(samePath)
                                .build()),
                () -> abortable.add(workflow));
    }

    /**
     * A workflow of a repo is in the journal. It may be one whose request was refused, as the network brings some requests twice
     * and the second time may be a better one.
     */
    void stored(UUID workflow, WorkflowEvent event) {
        boolean moves = event.getEvent() == WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED;
        if (moves || event.getEvent() == WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED) {
            UUID repo = EntityIds.of(event.getRepoId().toByteArray());
            if (!moves) {
                operate(repo, workflow);
            } else if (!world.scenario.accepts()) {
                world.outside.after(world.dice.upTo(LONGEST_THOUGHT), () -> accept(repo, workflow));
            }
        }
    }

    /** The application knows only what the registry shows. */
    private void accept(UUID repo, UUID workflow) {
        if (world.shownLast(new WorkflowKey(new WorkflowKey.OfRepo(repo), workflow)) == null) {
            world.outside.after(LOOK_EVERY, () -> accept(repo, workflow));
            return;
        }
        customers.request(
                "accepts " + world.trace.name(workflow),
                registry -> registry.postMoveRepoAppAccepted(
                        PRINCIPAL,
                        PostMoveRepoAppAcceptedI.newBuilder()
                                .setRepo(bytes(repo))
                                .setWorkflow(bytes(workflow))
                                .build()),
                () -> {});
    }

    void moveShadow(RepoState repo) {
        if (!repo.hasShadow()) {
            return;
        }
        UUID workflow = workflow();
        String path = "/shadow/moved" + shadows++ + "/" + repo.id() + ".fso";
        shadowPaths.put(workflow, path);
        String what = world.trace.name(workflow) + " moves the shadow of " + world.trace.name(repo.id());
        customers.request(
                what,
                registry -> registry.beginMoveShadow(
                        PRINCIPAL,
                        BeginMoveShadowI.newBuilder()
                                .setRepo(bytes(repo.id()))
                                .setWorkflow(bytes(workflow))
                                .setNewShadowPath(path)
                                .build()),
                () -> {
                    // The answer may come after the operator has seen the move and done his part.
                    if (world.dice.oneIn(3) && shadowPaths.containsKey(workflow)) {
                        abortable.add(workflow);
                    }
                });
    }

    /**
     * The operator waits until he is shown that the repo is disabled, then asks the registry itself before he touches anything, as
     * what a foreign one shows may be older than an abort. Nor does he while somebody waits for the answer to one. He moves the
     * shadow, and commits.
     */
    private void operate(UUID repo, UUID workflow) {
        world.outside.after(LOOK_EVERY.plus(world.dice.millis(1000)), () -> {
            WorkflowEvent.Type shown = world.shownLast(new WorkflowKey(new WorkflowKey.OfRepo(repo), workflow));
            WorkflowEvent.Type last = world.truth.lastOf(Streams.workflow(workflow));
            RepoState now = world.truth.repo(repo);
            boolean early = shown == null || shown == WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED;
            if (early || aborting.contains(workflow)) {
                operate(repo, workflow);
            } else if (last == WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED && now != null) {
                abortable.remove(workflow);
                moveDirectory(now, Objects.requireNonNull(shadowPaths.remove(workflow), "shadow path"));
                world.outside.after(world.dice.upTo(LONGEST_THOUGHT), () -> commitMoveShadow(repo, workflow));
            }
        });
    }

    private void moveDirectory(RepoState repo, String path) {
        ObserverProcess holder = world.judge.holder(repo.id());
        if (holder != null) {
            world.trace.violation(
                    "a shadow is disabled while it moves", holder + " has " + world.trace.name(repo.id()));
        }
        StorageHost host = world.observers.get(0).host();
        StorageHost.Shadow shadow = host.shadows.remove(repo.shadowPath());
        if (shadow != null) {
            host.shadows.put(path, shadow);
        }
        world.trace.add("operator", "moves " + repo.shadowPath() + " to " + path);
    }

    private void commitMoveShadow(UUID repo, UUID workflow) {
        customers.request(
                "commits " + world.trace.name(workflow),
                registry -> registry.commitMoveShadow(
                        PRINCIPAL,
                        CommitMoveShadowI.newBuilder()
                                .setRepo(bytes(repo))
                                .setWorkflow(bytes(workflow))
                                .build()),
                () -> {});
    }

    void freeze(RepoState repo) {
        UUID workflow = workflow();
        String what = world.trace.name(workflow) + " freezes " + world.trace.name(repo.id());
        customers.request(
                what,
                registry -> registry.beginFreezeRepo(
                        PRINCIPAL,
                        BeginFreezeRepoI.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .setRepo(bytes(repo.id()))
                                .setWorkflow(bytes(workflow))
                                .setAuthorName("A")
                                .setAuthorEmail("a@example.org")
                                .build()),
                () -> abortable.add(workflow));
    }

    void unfreeze(RepoState repo) {
        UUID workflow = workflow();
        String what = world.trace.name(workflow) + " unfreezes " + world.trace.name(repo.id());
        customers.request(
                what,
                registry -> registry.beginUnfreezeRepo(
                        PRINCIPAL,
                        BeginUnfreezeRepoI.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .setRepo(bytes(repo.id()))
                                .setWorkflow(bytes(workflow))
                                .setAuthorName("A")
                                .setAuthorEmail("a@example.org")
                                .build()),
                () -> abortable.add(workflow));
    }

    /** Asks every server for a sign of life, and ends that when the registry has counted them. */
    void ping() {
        UUID workflow = workflow();
        boolean calm = world.isCalm();
        customers.request(
                world.trace.name(workflow) + " pings",
                registry -> registry.beginPingRegistry(
                        PRINCIPAL,
                        BeginPingRegistryI.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .setWorkflow(bytes(workflow))
                                .build()),
                () -> awaitPings(workflow, calm));
    }

    private void awaitPings(UUID workflow, boolean calm) {
        world.outside.after(LOOK_EVERY, () -> {
            WorkflowKey key = new WorkflowKey(new WorkflowKey.OfRegistry(World.REGISTRY), workflow);
            if (world.shownLast(key) != WorkflowEvent.Type.EV_FSO_SERVER_PINGS_GATHERED) {
                awaitPings(workflow, calm);
                return;
            }
            if (calm) {
                world.judge.countsAnswers(workflow);
            }
            customers.request(
                    "ends " + world.trace.name(workflow),
                    registry -> registry.commitPingRegistry(
                            PRINCIPAL,
                            CommitPingRegistryI.newBuilder()
                                    .setWorkflow(bytes(workflow))
                                    .build()),
                    () -> {});
        });
    }

    /** Gives up one of the workflows that were begun, if it still may be. */
    void abort() {
        if (abortable.isEmpty()) {
            return;
        }
        UUID workflow = world.dice.pick(abortable);
        abortable.remove(workflow);
        aborting.add(workflow);
        customers.request(
                "aborts " + world.trace.name(workflow),
                registry -> registry.abort(
                        PRINCIPAL,
                        AbortRequest.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .setWorkflow(bytes(workflow))
                                .setReason("not wanted any more")
                                .build()),
                () -> aborting.remove(workflow));
    }
}
