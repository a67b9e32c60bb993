package io.repowatch.observer;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Call.Kind;
import io.repowatch.testkit.ScriptedMove;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one observer has to call during one move, as the tables of the storage specification §1.5, §1.7 and §1.8 say: knows
 * which events there are and what this observer has done since its last start. For one move of one repo.
 */
final class MoveModel {
    /** What has happened in the streams. */
    enum Fact {
        ACCEPTED,
        STARTED,
        WORKFLOW_STARTED,
        APP_ACCEPTED,
        RELEASED,
        WORKFLOW_MOVED,
        MOVED,
        REGISTRY_MOVED,
        COMMITTED
    }

    private enum Link {
        NONE,
        FOLLOW,
        RELEASE,
        ACQUIRE
    }

    private final ScriptedMove move;
    private final boolean ownOld;
    private final boolean ownNew;
    private final boolean atomic;
    private final Set<Fact> facts;
    private Link link = Link.NONE;
    private boolean up;
    private boolean enabled;
    private boolean moving;

    /** Whether the acquire part began before the repo had moved: then it waits for the end of the workflow. */
    private boolean partRuns;

    boolean moveHangs;

    MoveModel(ScriptedMove move, String prefix, boolean atomic, Set<Fact> facts) {
        this.move = move;
        this.ownOld = move.from().startsWith(prefix);
        this.ownNew = move.to().startsWith(prefix);
        this.atomic = atomic;
        this.facts = facts;
    }

    static Set<Fact> nothing() {
        return EnumSet.noneOf(Fact.class);
    }

    private boolean is(Fact fact) {
        return facts.contains(fact);
    }

    /** The observer starts, after whatever happened before. */
    void start() {
        up = true;
        enabled = false;
        moving = false;
        partRuns = false;
        boolean listedHere = is(Fact.REGISTRY_MOVED) ? ownNew : ownOld;
        boolean expected = is(Fact.ACCEPTED) && !is(Fact.REGISTRY_MOVED) && ownNew;
        link = listedHere ? Link.FOLLOW : expected ? Link.ACQUIRE : Link.NONE;
    }

    void crash() {
        up = false;
    }

    /** What is called until nothing more is to be done. */
    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        int before;
        do {
            before = calls.size();
            step(calls);
        } while (calls.size() > before);
        return calls;
    }

    private void step(List<Call> calls) {
        if (!up) {
            return;
        }
        switch (link) {
            case NONE -> {
                if (is(Fact.ACCEPTED) && ownNew && !is(Fact.REGISTRY_MOVED)) {
                    link = Link.ACQUIRE;
                    step(calls);
                }
            }
            case FOLLOW -> follow(calls);
            case RELEASE -> release(calls);
            case ACQUIRE -> acquire(calls);
        }
    }

    private void follow(List<Call> calls) {
        if (is(Fact.STARTED) && !is(Fact.MOVED)) {
            add(calls, Kind.DISABLE);
            enabled = false;
            link = Link.RELEASE;
        } else if (is(Fact.MOVED) && !ownNew) {
            if (enabled) {
                add(calls, Kind.DISABLE);
                enabled = false;
            }
            link = Link.NONE;
        } else if (!enabled) {
            enable(calls);
        }
    }

    private void enable(List<Call> calls) {
        add(calls, Kind.GET_REPO);
        add(calls, Kind.ENABLE);
        enabled = true;
        link = Link.FOLLOW;
    }

    private void release(List<Call> calls) {
        if (is(Fact.APP_ACCEPTED) && !is(Fact.RELEASED)) {
            add(calls, Kind.POST_RELEASED);
            facts.add(Fact.RELEASED);
        }
        if (is(Fact.RELEASED)) {
            link = ownNew ? Link.ACQUIRE : Link.NONE;
            if (ownNew) {
                acquire(calls);
            }
        }
    }

    private void acquire(List<Call> calls) {
        if (is(Fact.STARTED) && !is(Fact.MOVED)) {
            partRuns = true;
        }
        if (moving && !moveHangs) {
            committed(calls);
        } else if (!moving && canMove()) {
            add(calls, Kind.MOVE_REPO);
            moving = true;
        } else if (is(Fact.MOVED) && (is(Fact.COMMITTED) || !partRuns)) {
            enable(calls);
        }
    }

    private boolean canMove() {
        return partRuns
                && is(Fact.WORKFLOW_STARTED)
                && is(Fact.RELEASED)
                && is(Fact.APP_ACCEPTED)
                && !is(Fact.WORKFLOW_MOVED);
    }

    private void committed(List<Call> calls) {
        add(calls, Kind.COMMIT_MOVE);
        moving = false;
        facts.add(Fact.WORKFLOW_MOVED);
        if (atomic) {
            facts.addAll(EnumSet.of(Fact.MOVED, Fact.REGISTRY_MOVED, Fact.COMMITTED));
        }
    }

    private void add(List<Call> calls, Kind kind) {
        calls.add(new Call(kind, move.repo().id()));
    }
}
