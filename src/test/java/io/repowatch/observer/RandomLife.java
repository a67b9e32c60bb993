package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedFreeze;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.testkit.ScriptedShadowMove;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to one repo: what a registry allows, in a random order and at random times. */
final class RandomLife {
    private final Scenario s;
    final ScriptedRepo repo;
    private final SplittableRandom random;
    private boolean added;
    private String path;
    private UUID move = new UUID(0, 0);
    private String target = "";
    private @Nullable ScriptedMove script;
    private int shadowStep;
    private @Nullable ScriptedFreeze freeze;
    private int freezeStep;
    private int moveStep;

    RandomLife(Scenario s, ScriptedRepo repo, SplittableRandom random) {
        this.s = s;
        this.repo = repo;
        this.random = random;
        this.path = repo.globalPath();
    }

    /** A step of a time in which no observer of ours runs, but others may have done its work. */
    void stepAlone() {
        RepoState state = s.registry().state(repo.id());
        if (!added || script == null && state.moveShadowWorkflow() == null && freeze == null && random.nextInt(3) > 0) {
            step();
        } else if (script != null) {
            moveOnAlone(script);
        } else if (state.moveShadowWorkflow() != null) {
            moveShadowOn(state.moveShadowWorkflow());
        } else {
            othersWork(state);
        }
    }

    private void othersWork(RepoState state) {
        if (freeze != null) {
            freezeOn(freeze);
        } else if (!state.hasShadow()) {
            s.when(repo.shadowCreated());
        } else if (state.pendingGitlab()) {
            s.when(repo.gitCreated());
        } else if (random.nextBoolean()) {
            moveShadowOn(s.workflow());
        } else if (path.equals(repo.globalPath())) {
            freeze = new ScriptedFreeze(repo, s.workflow(), random.nextBoolean());
            s.when(freeze.started(), freeze.indexStarted());
        }
    }

    /** One step of a move as a foreign registry and other observers take them; it may be given up before it is released. */
    private void moveOnAlone(ScriptedMove all) {
        boolean givenUp = (moveStep == 4 || moveStep == 5) && random.nextInt(6) == 0;
        if (givenUp) {
            target = path;
            s.when(all.abort());
            moveStep = 9;
        }
        switch (moveStep) {
            case 2 -> s.when(repo.moveStarted(move, target));
            case 3 -> s.when(all.workflowStarted());
            case 4 -> s.when(all.appAccepted());
            case 5 -> s.when(all.released());
            case 6 -> s.when(all.workflowMoved());
            case 7 -> s.when(all.moved());
            case 8 -> s.when(all.registryMoved());
            default -> {
                if (!givenUp) {
                    s.when(all.committed());
                }
                path = target;
                script = null;
                moveStep = -1;
            }
        }
        moveStep++;
    }

    private void moveShadowOn(UUID workflow) {
        ScriptedShadowMove all = new ScriptedShadowMove(repo, workflow);
        switch (shadowStep++ % 5) {
            case 0 -> s.when(all.started());
            case 1 -> s.when(all.workflowStarted());
            case 2 -> s.when(all.disabled());
            case 3 -> s.when(all.workflowMoved());
            default -> s.when(all.moved());
        }
    }

    private void freezeOn(ScriptedFreeze all) {
        switch (freezeStep++ % 4) {
            case 0 -> s.when(all.repoStarted(), all.filesStarted());
            case 1 -> s.when(all.filesCompleted(random.nextInt(2) * 105, "x"));
            case 2 -> s.when(all.repoCompleted(0), all.completed(0));
            default -> {
                s.when(all.indexCompleted(), all.committed());
                freeze = null;
            }
        }
    }

    void step() {
        RepoState state = s.registry().state(repo.id());
        if (!added) {
            s.when(random.nextBoolean() ? repo.initStarted() : repo.initStartedWithGitlab(), repo.added());
            added = true;
        } else if (moveStep > 0) {
            moveOn();
        } else if (!state.hasShadow() && !path.startsWith("/own")) {
            // Another server makes the shadow of a repo that is not ours.
            s.when(repo.shadowCreated());
        } else {
            act(state);
        }
    }

    private void act(RepoState state) {
        switch (random.nextInt(4)) {
            case 0 -> s.when(state.hasError() ? repo.errorCleared() : repo.errorSet("x"));
            case 1 -> {
                if (!state.pendingGitlab() && state.gitlabProjectId() == 0) {
                    s.when(repo.gitlabAccepted());
                }
            }
            default -> {
                if (state.hasShadow()) {
                    move = s.workflow();
                    target = (random.nextInt(3) == 0 ? "/foreign/" : "/own/") + move.getLeastSignificantBits();
                    script = new ScriptedMove(repo, move, path, target);
                    moveStep = 1;
                    moveOn();
                }
            }
        }
    }

    /** One step of a move, in the order of the registry specification, section 5.3. */
    private void moveOn() {
        switch (moveStep) {
            case 1 -> s.when(repo.moveAccepted(move, target));
            case 2 -> s.when(repo.moveStarted(move, target));
            case 3 -> s.when(script.workflowStarted());
            case 4 -> s.when(script.appAccepted());
            case 5 -> othersDo();
            case 6 -> s.when(repo.moved(move, target));
            case 7 -> s.when(repo.registryMoved(move, target));
            default -> {
                s.when(script.committed());
                path = target;
                moveStep = -1;
            }
        }
        moveStep++;
    }

    /** What another server does in a move of which only one side is ours. */
    private void othersDo() {
        // Ours have the time that their failures need.
        s.advance(Duration.ofMinutes(10));
        if (!path.startsWith("/own")) {
            s.when(script.released());
            s.advance(Duration.ofMinutes(10));
        }
        if (!target.startsWith("/own")) {
            s.when(script.workflowMoved());
        }
    }

    void end() {
        while (moveStep > 0) {
            moveOn();
        }
    }

    void check(String seed) {
        RepoState state = s.registry().state(repo.id());
        boolean own = added && path.startsWith("/own");
        String life = seed + ", " + state;
        if (own && state.wantsShadow() && !state.hasError()) {
            assertThat(state.hasShadow()).as(life).isTrue();
            assertThat(state.pendingGitlab()).as(life).isFalse();
        }
        Map<UUID, RepoInfo> enabled = s.enabled();
        assertThat(enabled.containsKey(repo.id())).as(life).isEqualTo(own && state.hasShadow());
        if (own && state.hasShadow()) {
            assertThat(s.info(repo).globalPath()).as(life).hasToString(path);
            assertThat(s.info(repo).shadowPath()).as(life).isEqualTo(state.shadowPath());
            assertThat(s.status(repo).state()).as(life).isEqualTo(RepoStatus.State.ENABLED);
        } else if (!own) {
            assertThat(s.observer().state(repo.id())).as(life).isNull();
        }
    }
}
