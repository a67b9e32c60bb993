package io.repowatch.testkit.simulation;

import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoMove;
import io.repowatch.observer.RepoState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sees every side effect at the moment at which it happens, and says which of them must not have happened. */
final class Judge {
    private final World world;
    private final Map<UUID, ObserverProcess> holders = new LinkedHashMap<>();
    private final Map<UUID, ObserverProcess> released = new HashMap<>();
    private final Map<UUID, Turn> turns = new LinkedHashMap<>();
    private final Map<UUID, Set<ObserverProcess>> answers = new HashMap<>();
    private final Map<ObserverProcess, Map<UUID, Integer>> lastPlaces = new HashMap<>();

    /** Something that is being done to a repo. */
    private record Turn(ObserverProcess observer, String what, Object id) {}

    Judge(World world) {
        this.world = world;
    }

    private void violation(String rule, ObserverProcess observer, UUID repo, String what) {
        world.trace.violation(rule, observer + " " + what + " " + world.trace.name(repo));
    }

    /** An operation begins on what an observer knows of a repo: not before it knows all, and never on less than before. */
    void acts(ObserverProcess observer, RepoState state, String what) {
        if (!observer.isUp()) {
            return;
        }
        int place = world.truth.place(Streams.repo(state.id()), state.tail());
        if (place < 0) {
            violation("what is acted on is durable", observer, state.id(), what + " on an event that is not stored of");
            return;
        }
        int known = observer.sizeAtOpen(state.id());
        if (!observer.hasQuiesced(state.id()) && place < known) {
            violation(
                    "no side effect before quiescence",
                    observer,
                    state.id(),
                    what + " on " + place + " of " + known + " events of");
        }
        Integer last =
                lastPlaces.computeIfAbsent(observer, key -> new HashMap<>()).put(state.id(), place);
        if (last != null && last > place) {
            violation("per-repo order", observer, state.id(), what + " on event " + place + " after " + last + " of");
        }
    }

    /** An operation takes a repo's turn, which ends with {@link #ends}. */
    Object begins(ObserverProcess observer, UUID repo, String what) {
        Turn turn = new Turn(observer, what, new Object());
        Turn before = turns.get(repo);
        // Whoever has not got a repo may disable it at any time: nothing happens.
        boolean idle = what.equals("disable") && holders.get(repo) != observer;
        if (!idle) {
            turns.put(repo, turn);
        }
        if (before != null && (!idle || before.observer == observer)) {
            violation(
                    "one side effect at a time",
                    observer,
                    repo,
                    what + " while " + before.observer + " does " + before.what + " to");
        }
        return turn;
    }

    void ends(UUID repo, Object turn) {
        turns.remove(repo, turn);
    }

    /** A shadow is about to be made. */
    void inits(ObserverProcess observer, RepoState state) {
        if (state.hasShadow()) {
            violation("nothing is done twice", observer, state.id(), "makes the shadow again of");
        }
        mustOwn(observer, state.id(), "makes the shadow of");
    }

    /** A GitLab project is about to be made. */
    void makesProject(ObserverProcess observer, RepoState state) {
        if (state.gitlabProjectId() != 0) {
            violation("nothing is done twice", observer, state.id(), "makes the GitLab project again of");
        }
        if (!state.hasShadow()) {
            violation("GitLab needs a shadow", observer, state.id(), "makes the GitLab project without a shadow of");
        }
        mustOwn(observer, state.id(), "makes the GitLab project of");
    }

    /** A repo takes requests from now on. */
    void enables(ObserverProcess observer, RepoInfo info) {
        ObserverProcess holder = holders.put(info.id(), observer);
        if (holder != null && holder != observer) {
            violation("never two owners", observer, info.id(), "enables, while " + holder + " has, ");
        }
        mustOwn(observer, info.id(), "enables");
        StorageHost.Data data = observer.host().data.get(info.hostPath());
        if (data == null || !data.repo.equals(info.id())) {
            violation("data is where the registry says", observer, info.id(), "enables without data at its path");
        }
        StorageHost.Shadow shadow = observer.host().shadows.get(info.shadowPath());
        if (shadow == null || !shadow.repo.equals(info.id())) {
            violation("data is where the registry says", observer, info.id(), "enables without shadow at its path");
        }
    }

    /** The old side of a move says that it has let the repo go. */
    void releases(ObserverProcess observer, UUID repo, UUID workflow, String what) {
        // Whoever has said so may say it again, also when the repo has moved meanwhile and the news is still on its
        // way.
        if (released.get(workflow) != observer) {
            mustOwn(observer, repo, what);
            released.put(workflow, observer);
        }
        if (holders.get(repo) == observer) {
            violation("a repo is disabled before it is let go", observer, repo, what + " although it has it enabled:");
        }
    }

    /** Data and shadow of a repo are about to be moved. */
    void moves(ObserverProcess observer, RepoMove move) {
        ObserverProcess holder = holders.get(move.repo());
        if (holder != null) {
            violation("never two owners", observer, move.repo(), "moves the data, while " + holder + " has enabled");
        }
        RepoState now = world.truth.repo(move.repo());
        // Whoever does not know yet that it has moved finds it moved.
        if (now == null
                || !(move.workflow().equals(now.moveWorkflow())
                        || move.workflow().equals(now.lastMoveWorkflow()))) {
            violation("nothing is done twice", observer, move.repo(), "moves the data without a move of");
        }
        if (!observer.owns(move.newPath())) {
            violation("only the owner acts", observer, move.repo(), "moves the data to a place of others of");
        }
        // What is left of a freeze that is not in force moves along.
        if (now != null && frozen(now) && move.workflow().equals(now.moveWorkflow())) {
            violation("a frozen repo does not move", observer, move.repo(), "moves the data of");
        }
    }

    private static boolean frozen(RepoState repo) {
        return switch (repo.tier()) {
            case ST_FREEZING, ST_FROZEN, ST_UNFREEZING, ST_UNFREEZE_FAILED -> true;
            default -> false;
        };
    }

    /** The data of a repo are about to be made immutable, or changeable. */
    void freezes(ObserverProcess observer, FreezeRequest request, String what) {
        mustOwn(observer, request.repo(), what);
        if (holders.get(request.repo()) != observer) {
            violation("only an enabled repo is frozen", observer, request.repo(), what);
        }
    }

    /** A weak failure is stored: only after as many in a row as are retried. */
    void storesError(ObserverProcess observer, UUID repo, String message) {
        for (String what : List.of("init", "enable", "gitlab")) {
            int count = observer.weakFailures(repo, what);
            if (message.contains(what + " failed weakly") && count < ObserverProcess.WEAK_RETRIES + 2) {
                violation(
                        "a success starts the count anew", observer, repo, "gives up after " + count + " failures of");
            }
        }
    }

    /** A sign of life is given. */
    void answers(ObserverProcess observer, UUID ping) {
        answers.computeIfAbsent(ping, key -> new HashSet<>()).add(observer);
    }

    /** The signs of life are counted that came while nothing disturbed anybody. */
    void countsAnswers(UUID ping) {
        Set<ObserverProcess> alive = answers.getOrDefault(ping, Set.of());
        for (ObserverProcess observer : world.observers) {
            if (!alive.contains(observer)) {
                world.trace.violation("who is alive says so", observer + " has not answered " + world.trace.name(ping));
            }
        }
    }

    void disabled(ObserverProcess observer, UUID repo) {
        holders.remove(repo, observer);
    }

    /** A process is dead: it holds nothing and does nothing. */
    void released(ObserverProcess observer) {
        holders.values().removeIf(holder -> holder == observer);
        turns.values().removeIf(turn -> turn.observer == observer);
    }

    @Nullable
    ObserverProcess holder(UUID repo) {
        return holders.get(repo);
    }

    private void mustOwn(ObserverProcess observer, UUID repo, String what) {
        RepoState now = world.truth.repo(repo);
        if (now == null || !observer.owns(now.globalPath())) {
            violation("only the owner acts", observer, repo, what);
        }
    }
}
