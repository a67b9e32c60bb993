package io.repowatch.testkit.simulation;

import io.repowatch.client.ClientBugs;
import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.EngineBugs;
import io.repowatch.journal.Append;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverBugs;
import io.repowatch.registry.RegistryBugs;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The product with one method that is wrong. The numbers are those of the table in docs/simulation.md. */
public enum PlantedBug {
    SIGNAL_WHILE_RUNNING_IGNORED(1, engine(EngineBugs.ignoresSignalsWhileRunning())),
    DIRTY_FLAG_CLEARED_AFTER_THE_READ(2, engine(EngineBugs.clearsTheDirtyFlagAfterTheRead())),
    SIGNAL_LOST_WHILE_AWAITING(3, engine(EngineBugs.losesSignalsWhileAwaiting())),
    PERMIT_KEPT_WHILE_AWAITING(4, engine(EngineBugs.keepsThePermitWhileAwaiting())),
    CAUGHT_UP_NOT_OWED_AFTER_A_FAILURE(5, engine(EngineBugs.owesNoCaughtUpAfterAFailure())),
    FEED_POSITION_BEFORE_THE_SYNC(6, journal((disk, process, dice, faults, onBroken) ->
            new SimulatedJournal(disk, process, dice, faults, onBroken) {
                @Override
                void write(List<Waiting> group) {
                    group.forEach(this::show);
                    super.write(group);
                }
            })),
    SYNC_OMITTED(7, journal((disk, process, dice, faults, onBroken) ->
            new SimulatedJournal(disk, process, dice, faults, onBroken) {
                @Override
                @Nullable
                Throwable store(List<Append> parts) {
                    process().after(Duration.ofSeconds(3), () -> super.store(parts));
                    return null;
                }
            })),
    NO_ALL_AFTER_A_RECONNECT(8, new Variant(
            Variant.REAL.journal(),
            Variant.REAL.registry(),
            ClientBugs::emitsNoAllAfterAReconnect,
            Variant.REAL.observer())),
    NEW_INSTANCE_KEEPS_STATE(9, observer(ObserverBugs.keepsStateInANewInstance())),
    STALE_ACQUIRE_KEPT(10, observer(ObserverBugs.keepsAStaleAcquire())),
    VIEW_WITHOUT_ID(11, observer(ObserverBugs.notesAMoveWithoutTheRepo())),
    RELEASE_BY_THE_NEW_OWNER(12, observer(ObserverBugs.releasesAsTheNewOwner())),
    FOREIGN_REPO_ENABLED(13, observer(ObserverBugs.enablesForeignRepos())),
    TARGET_PATH_NOT_RESERVED(14, registry(RegistryBugs::reservesNoPath)),
    MOVE_DURING_A_FREEZE(15, registry(RegistryBugs::movesDuringAFreeze)),
    HALF_OF_AN_APPEND_APPLIED(16, registry(RegistryBugs::appendsStreamByStream)),
    CHAIN_PREDECESSOR_IGNORED(17, engine(EngineBugs.startsALinkBeforeTheOneAheadHasQuit())),
    ERROR_COUNTER_NOT_RESET(18, observer(ObserverBugs.resetsNoErrorCounter())),
    SIDE_EFFECTS_IN_THE_HISTORY(19, engine(EngineBugs.actsInTheHistory())),
    ONE_READ_TOO_MANY(20, engine(EngineBugs.readsOneStreamTooMany()));

    final int number;
    private final Variant variant;

    PlantedBug(int number, Variant variant) {
        this.number = number;
        this.variant = variant;
    }

    private static Variant engine(UnaryOperator<ActivityEngine.Builder> engine) {
        return observer(ObserverBugs.on(engine));
    }

    private static Variant observer(UnaryOperator<Observer.Builder> observer) {
        return new Variant(
                Variant.REAL.journal(), Variant.REAL.registry(), Variant.REAL.client(), observer);
    }

    private static Variant registry(Variant.Registries registry) {
        return new Variant(Variant.REAL.journal(), registry, Variant.REAL.client(), Variant.REAL.observer());
    }

    private static Variant journal(Variant.Journals journal) {
        return new Variant(journal, Variant.REAL.registry(), Variant.REAL.client(), Variant.REAL.observer());
    }

    /** The simulation of the product with this bug. */
    public Simulation simulation() {
        return new Simulation(variant);
    }

    /** The first seed from 1 on that finds it; empty if none up to {@code limit} does. */
    OptionalLong find(long limit) {
        Simulation simulation = simulation();
        return LongStream.rangeClosed(1, limit)
                .filter(seed -> !simulation.play(seed).isFine())
                .findFirst();
    }
}
