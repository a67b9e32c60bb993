package io.repowatch.registry;

import io.repowatch.engine.Activity;
import io.repowatch.engine.Event;
import io.repowatch.engine.Step;
import io.repowatch.registry.EphemeralState.None;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Follows one workflow of a registry, and does what is due in it. Everything it needs to know is in the events. */
final class TimedActivity implements Activity<WorkflowEvent> {
    static final int OWN_PINGS = 3;
    static final Duration PING_INTERVAL = Duration.ofSeconds(1);
    static final Duration SUMMARY_AFTER = Duration.ofSeconds(10);

    /** When a ping that nobody ends is ended (registry specification §2.3). */
    static final Duration PING_LIFE = Duration.ofDays(1);

    /** How long a workflow that has ended stays in the index, for whoever asks how it went. */
    static final Duration KEPT = Duration.ofDays(5);

    private final String registry;
    private final UUID workflow;
    private final TimedCommands commands;
    private EphemeralState state = None.NONE;
    private Instant begun = Instant.EPOCH;
    private Instant newest = Instant.EPOCH;

    /**
     * How far the clock was set back since an event of the workflow was stored. Ids of events stay ahead of it; what is due some
     * time after one of them would otherwise wait until the clock has caught up.
     */
    private Duration behind = Duration.ZERO;

    TimedActivity(String registry, UUID workflow, TimedCommands commands) {
        this.registry = registry;
        this.workflow = workflow;
        this.commands = commands;
    }

    @Override
    public void replay(Event<WorkflowEvent> event) {
        newest = Instant.ofEpochMilli(event.id().timestampMillis());
        Duration newestIsAhead = commands.behind(newest);
        behind = newestIsAhead.compareTo(behind) > 0 ? newestIsAhead : behind;
        if (state == None.NONE) {
            begun = newest;
        }
        state = EphemeralAggregate.INSTANCE.evolve(state, event.body());
    }

    @Override
    public Mono<Step> quiesced() {
        return caughtUp();
    }

    @Override
    public Mono<Step> live(Event<WorkflowEvent> event) {
        replay(event);
        return Step.next();
    }

    @Override
    public Mono<Step> caughtUp() {
        if (state instanceof PingState ping) {
            return ping.ended() ? forget() : ping.gathering() ? gather(ping) : expire();
        }
        return state instanceof FreezeState freeze && freeze.phase().ended() ? forget() : Step.next();
    }

    private Mono<Step> gather(PingState ping) {
        long own = ping.pings().stream().filter(TimedActivity::isOwn).count();
        Instant summary = begun.plus(SUMMARY_AFTER);
        if (own < OWN_PINGS) {
            int number = (int) own + 1;
            return commands.at(
                    begun.plus(PING_INTERVAL.multipliedBy(own)),
                    behind,
                    "to send ping " + number,
                    commands.ping(registry, workflow, ownPing(number)).then(Step.next()));
        }
        return commands.at(
                summary,
                behind,
                "to count the pings",
                commands.summarize(registry, workflow).then(Step.next()));
    }

    private static boolean isOwn(PingState.Ping ping) {
        for (int number = 1; number <= OWN_PINGS; number++) {
            if (ping.message().equals(ownPing(number))) {
                return true;
            }
        }
        return false;
    }

    private static String ownPing(int number) {
        return "nogfsoregd ping " + number;
    }

    private Mono<Step> expire() {
        return commands.at(
                begun.plus(PING_LIFE),
                behind,
                "to end a ping that nobody ended",
                commands.expire(registry, workflow).then(Step.next()));
    }

    /** The last event of a workflow that has ended is the one that ended it. */
    private Mono<Step> forget() {
        return commands.at(
                newest.plus(KEPT),
                behind,
                "to take the workflow out of the index",
                commands.delete(registry, workflow).then(Step.quit()));
    }
}
