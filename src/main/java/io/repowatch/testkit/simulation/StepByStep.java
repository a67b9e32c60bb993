package io.repowatch.testkit.simulation;

import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.Disposable;

/**
 * Makes the registry look like a foreign one, whose events appear in one stream after the other with time between them, in
 * causal order (registry specification §5.3): observers see no append whole.
 */
final class StepByStep {
    private static final Duration LONGEST_STEP = Duration.ofSeconds(3);

    private final World world;
    private final Set<Vid> hidden = new HashSet<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Set<Consumer<StreamId>> listeners = new LinkedHashSet<>();
    private boolean busy;

    private record Step(StreamId stream, Vid event) {}

    StepByStep(World world) {
        this.world = world;
    }

    /** An append is on the disk: its events appear from now on. */
    void stored(List<Append> appends) {
        for (Append append : appends) {
            for (StoredEvent event : append.events()) {
                hidden.add(event.id());
                steps.add(new Step(append.stream(), event.id()));
            }
        }
        next();
    }

    private void next() {
        if (!busy && !steps.isEmpty()) {
            busy = true;
            boolean held = world.faults.happens(Fault.STEP_HELD_BACK, 3);
            world.outside.after(held ? world.dice.upTo(LONGEST_STEP) : world.dice.millis(10), this::appear);
        }
    }

    private void appear() {
        busy = false;
        Step step = steps.remove();
        hidden.remove(step.event);
        List.copyOf(listeners).forEach(listener -> listener.accept(step.stream));
        next();
    }

    /** What of a read has appeared already. */
    <E> List<Event<E>> visible(List<Event<E>> events) {
        int end = 0;
        while (end < events.size() && !hidden.contains(events.get(end).id())) {
            end++;
        }
        return events.subList(0, end);
    }

    Disposable listen(Consumer<StreamId> listener) {
        Consumer<StreamId> own = listener::accept;
        listeners.add(own);
        return () -> listeners.remove(own);
    }
}
