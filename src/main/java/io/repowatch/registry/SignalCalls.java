package io.repowatch.registry;

import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Principal;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsI.AggregateSelector;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The signal stream (registry specification §6.1): which entities have news. A cursor over the change feed, read when the
 * client is ready; it remembers a position and a small batch, so that no client, however slow, costs more or misses anything.
 */
final class SignalCalls {
    /** How many changes one message stands for at most. */
    private static final int BATCH = 256;

    private final Journal journal;
    private final ChangeHub hub;
    private final Scheduler scheduler;
    private final Authorizer authorizer;

    SignalCalls(Journal journal, ChangeHub hub, Scheduler scheduler, Authorizer authorizer) {
        this.journal = journal;
        this.hub = hub;
        this.scheduler = scheduler;
        this.authorizer = authorizer;
    }

    Flux<AggregateSignalsO> aggregateSignals(Principal principal, AggregateSignalsI in) {
        return Flux.defer(() -> {
            authorizer.check(principal, "bc/read", AccessScope.name("allaggsig"));
            Set<Category> selected = selected(in.getSelectAggregatesList());
            // The position is taken before the client hears anything: what happens after the first message is
            // signalled.
            Flux<Change> changes = journal.changes(journal.position()).filter(change -> isSelected(selected, change));
            Flux<AggregateSignalsO> signals =
                    Coalescing.of(changes, BATCH).publishOn(scheduler, 1).map(SignalCalls::message);
            return Flux.concat(Mono.just(AggregateSignalsO.getDefaultInstance()), signals)
                    .concatWith(Mono.error(ChangeHub::shutdown))
                    .takeUntilOther(hub.closing());
        });
    }

    private static boolean isSelected(Set<Category> selected, Change change) {
        Category category = Category.of(change.stream());
        return category != null && selected.contains(category);
    }

    /** No selector means everything; selectors that are not known select nothing. */
    private static Set<Category> selected(List<AggregateSelector> selectors) {
        if (selectors.isEmpty()) {
            return EnumSet.allOf(Category.class);
        }
        Set<Category> selected = EnumSet.noneOf(Category.class);
        for (AggregateSelector selector : selectors) {
            switch (selector) {
                case AS_MAIN -> selected.add(Category.MAIN);
                case AS_REGISTRY -> selected.add(Category.REGISTRY);
                case AS_REPO -> selected.add(Category.REPO);
                case AS_WORKFLOW -> selected.add(Category.WORKFLOW);
                case AS_EPHEMERAL_WORKFLOW -> selected.add(Category.EPHEMERAL_WORKFLOW);
                case AS_UNSPECIFIED, UNRECOGNIZED -> {}
            }
        }
        return selected;
    }

    /** One signal for each entity, by type, in the order of the first change. */
    private static AggregateSignalsO message(List<Change> changes) {
        Map<Category, Set<StreamId>> streams = new EnumMap<>(Category.class);
        for (Change change : changes) {
            Category category = Category.of(change.stream());
            if (category != null) {
                streams.computeIfAbsent(category, key -> new LinkedHashSet<>()).add(change.stream());
            }
        }
        AggregateSignalsO.Builder message = AggregateSignalsO.newBuilder();
        streams.forEach((category, ids) -> ids.forEach(id -> message.addSignals(AggregateSignal.newBuilder()
                .setAggregateType(category.type())
                .setSignals(AggregateSignal.Signal.S_UPDATED_VALUE)
                .setEntityId(WireFields.bytes(id.entity())))));
        return message.build();
    }
}
