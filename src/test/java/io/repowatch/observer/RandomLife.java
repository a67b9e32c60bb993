package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRepo;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** What happens to one repo: what a registry allows, in a random order and at random times. */
final class RandomLife {
    private final Scenario s;
    final ScriptedRepo repo;
    private final SplittableRandom random;
    private boolean added;
    private String path;
    private boolean alone;
    private UUID move = new UUID(0, 0);
    private String target = "";
    private int moveStep;

    RandomLife(Scenario s, ScriptedRepo repo, SplittableRandom random) {
        this.s = s;
        this.repo = repo;
        this.random = random;
        this.path = repo.globalPath();
    }

    /** A step of a time in which no observer of ours runs, but others may have done its work. */
    void stepAlone() {
        alone = true;
        RepoState state = s.registry().state(repo.id());
        if (added && moveStep == 0 && random.nextInt(3) == 0) {
            othersWork(state);
        } else {
            step();
        }
    }

    private void othersWork(RepoState state) {
        if (!state.hasShadow()) {
            s.when(repo.shadowCreated());
        } else if (state.moveShadowWorkflow() != null) {
            s.when(repo.shadowMoved(state.moveShadowWorkflow()));
        } else if (state.pendingGitlab()) {
            s.when(repo.gitCreated());
        } else {
            s.when(repo.shadowMoveStarted(s.workflow()));
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
            case 3 -> endRelease();
            case 4 -> endAcquire();
            case 5 -> s.when(repo.moved(move, target));
            default -> {
                s.when(repo.registryMoved(move, target));
                path = target;
                moveStep = -1;
            }
        }
        moveStep++;
    }

    private void endRelease() {
        if (!alone) {
            s.workflows().endRelease(move);
        }
    }

    private void endAcquire() {
        if (!alone) {
            s.workflows().endAcquire(move);
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
