package io.repowatch.testkit.simulation;

import io.repowatch.id.EntityIds;
import io.repowatch.journal.StreamId;
import io.repowatch.observer.PlannedAction;
import io.repowatch.observer.Planner;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.WaitReason;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import java.util.Objects;

/** What must hold when nothing has disturbed the system for a long time. */
final class RestCheck {
    private final World world;

    RestCheck(World world) {
        this.world = world;
    }

    void check() {
        if (world.customers.open() > 0) {
            violation("every command is answered", world.customers.open() + " requests have no answer");
        }
        world.truth.repos().values().forEach(this::check);
        world.observers.forEach(this::checkPlan);
        world.truth.streams(Streams.WORKFLOW).forEach(this::checkWorkflow);
        world.truth.streams(Streams.EPHEMERAL).stream()
                .filter(stream -> !stream.entity().equals(EntityIds.workflowIndex(World.REGISTRY)))
                .forEach(this::checkWorkflow);
    }

    /** An observer that started now would do nothing that lasts. */
    private void checkPlan(ObserverProcess observer) {
        RegistryProcess.Running running = world.registry.running();
        if (running == null) {
            violation("nothing is left to do", "the registry is down");
            return;
        }
        try {
            for (PlannedAction action : Sync.list(new Planner(observer.config(), running.source).plan())) {
                if (action.lasting()) {
                    violation("nothing is left to do", observer + " would " + action.step() + ": " + action);
                }
            }
        } catch (Throwable e) {
            violation("nothing is left to do", observer + " cannot plan: " + e);
        }
    }

    /** Every workflow that began has ended, well or not. */
    private void checkWorkflow(StreamId stream) {
        WorkflowEvent.Type last = world.truth.lastOf(stream);
        if (last != null && !last.name().endsWith("_COMMITTED")) {
            violation("every command comes to an end", world.trace.name(stream.entity()) + " ends with " + last);
        }
    }

    private void violation(String rule, String what) {
        world.trace.violation(rule, what);
    }

    private void check(RepoState repo) {
        String name = world.trace.name(repo.id());
        List<ObserverProcess> owners = world.observers.stream()
                .filter(observer -> observer.owns(repo.globalPath()))
                .toList();
        if (owners.size() != 1) {
            violation("never two owners", name + " is below " + owners.size() + " prefixes");
            return;
        }
        ObserverProcess owner = owners.get(0);
        ObserverProcess holder = world.judge.holder(repo.id());
        if (holder != null && holder != owner) {
            violation("never two owners", holder + " still holds " + name + " of " + owner);
        }
        checkData(owner, repo, name);
        checkTier(owner, repo, name);
        checkWaits(repo, name);
        if (repo.hasError()) {
            return;
        }
        if (!repo.hasShadow()) {
            violation("nothing is left to do", name + " has no shadow");
        } else if (holder == null) {
            violation("nothing is left to do", name + " is not enabled");
        } else {
            checkEnabled(owner, repo, name);
        }
        if (repo.pendingGitlab()) {
            violation("nothing is left to do", name + " has no GitLab project");
        }
    }

    /** Neither a part of a workflow runs on, nor does a link wait for its turn. */
    private void checkWaits(RepoState repo, String name) {
        for (ObserverProcess observer : world.observers) {
            for (WaitReason reason : observer.why(repo.id())) {
                if (reason.kind() != WaitReason.Kind.REPO) {
                    violation(
                            "nothing waits at rest",
                            observer + " has a " + reason.kind() + " for " + name + ": " + reason);
                }
            }
        }
    }

    private void checkTier(ObserverProcess owner, RepoState repo, String name) {
        StorageHost.Data data = owner.host().data.get(repo.hostPath());
        boolean frozen = data != null && data.frozen;
        boolean right = switch (repo.tier()) {
            // Of a repo that cannot be enabled nothing is given back before it can.
            case ST_UNSPECIFIED, ST_ONLINE, ST_FREEZE_FAILED ->
                !frozen || repo.hasError() && world.judge.holder(repo.id()) == null;
            case ST_FROZEN -> frozen;
            case ST_UNFREEZE_FAILED -> true;
            default -> false;
        };
        if (!right) {
            violation(
                    "frozen if and only if the tier says so",
                    name + " is " + repo.tier() + (frozen ? "," : ", not") + " frozen");
        }
    }

    private void checkData(ObserverProcess owner, RepoState repo, String name) {
        StorageHost.Data data = owner.host().data.get(repo.hostPath());
        if (data == null || !data.repo.equals(repo.id())) {
            violation("data is where the registry says", name + " has no data at " + repo.hostPath());
        }
        if (repo.hasShadow()) {
            StorageHost.Shadow shadow = owner.host().shadows.get(repo.shadowPath());
            if (shadow == null || !shadow.repo.equals(repo.id())) {
                violation("data is where the registry says", name + " has no shadow at " + repo.shadowPath());
            }
        }
    }

    /** What the processor was told last still holds; later events that say nothing new to it do not count. */
    private void checkEnabled(ObserverProcess owner, RepoState repo, String name) {
        RepoInfo told = owner.enabled(repo.id());
        RepoInfo wanted = RepoInfo.of(repo).orElseThrow();
        if (told == null) {
            violation("nothing is left to do", name + " is not enabled at " + owner);
        } else if (!told.globalPath().equals(wanted.globalPath())
                || !told.hostPath().equals(wanted.hostPath())
                || !told.shadowPath().equals(wanted.shadowPath())
                || !Objects.equals(told.gitlab(), wanted.gitlab())) {
            violation("nothing is left to do", name + " is enabled as " + told + ", not as " + wanted);
        }
    }
}
