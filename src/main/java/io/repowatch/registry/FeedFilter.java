package io.repowatch.registry;

import io.repowatch.id.EntityIds;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.v1.ChangesRequest;
import io.repowatch.wire.v1.FeedClass;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which changes a client of the feed wants. It may say yes too often, never no to what is wanted. Of a repo's path it knows
 * what the registry's state in memory says, if that is as new as the changes; otherwise the repo passes. So does one that was
 * ever moved: the observer of the place where it was needs its changes as well. Immutable; may be shared.
 */
final class FeedFilter {
    private final Journal journal;
    private final CommandLoops loops;
    private final Set<FeedClass> classes;
    private final List<String> registries;
    private final Set<UUID> registryIds;
    private final List<GlobalPath> prefixes;

    /** @throws io.repowatch.observer.CommandRejectedException if a name or path is malformed */
    FeedFilter(Journal journal, CommandLoops loops, ChangesRequest in) {
        this.journal = journal;
        this.loops = loops;
        this.classes = Set.copyOf(in.getClassesList());
        this.registries =
                in.getRegistriesList().stream().map(WireFields::registryName).toList();
        this.registryIds = registries.stream().map(EntityIds::registry).collect(Collectors.toUnmodifiableSet());
        this.prefixes = in.getPrefixesList().stream().map(WireFields::path).toList();
    }

    /** Emits one value: what passes of changes that are durable already. */
    Mono<Predicate<StreamId>> of(List<Change> changes) {
        boolean lookup = !registries.isEmpty()
                && changes.stream().anyMatch(change -> Category.of(change.stream()) == Category.REPO);
        return lookup ? repos().map(this::passing) : Mono.just(passing(repo -> true));
    }

    private Predicate<StreamId> passing(Predicate<UUID> repos) {
        return stream -> {
            Category category = Category.of(stream);
            if (category == null || !isSelected(category)) {
                return false;
            }
            return switch (category) {
                case MAIN -> registries.isEmpty();
                case REGISTRY -> registries.isEmpty() || registryIds.contains(stream.entity());
                case REPO -> repos.test(stream.entity());
                // Whose they are only their events say.
                case WORKFLOW, EPHEMERAL_WORKFLOW -> true;
            };
        };
    }

    private boolean isSelected(Category category) {
        return classes.isEmpty()
                || classes.contains(
                        category == Category.REPO ? FeedClass.FEED_CLASS_REPO : FeedClass.FEED_CLASS_GENERAL);
    }

    /** What the registries say about repos, provided that all of them are known in a state that is new enough. */
    private Mono<Predicate<UUID>> repos() {
        return Flux.fromIterable(registries)
                .concatMap(this::current)
                .collectList()
                .map(states -> {
                    if (states.size() < registries.size()) {
                        return repo -> true;
                    }
                    return repo -> states.stream().anyMatch(state -> isWanted(state, repo));
                });
    }

    /** The state of a registry if it is in memory, and as new as what is durable now; otherwise empty. */
    private Mono<RegistryState> current(String registry) {
        return journal.tail(Category.REGISTRY.stream(EntityIds.registry(registry)))
                .flatMap(tail -> Mono.justOrEmpty(newest(registry, tail)));
    }

    private Optional<RegistryState> newest(String registry, Vid tail) {
        Snapshot<RegistryState> snapshot = loops.published(registry);
        return snapshot != null && snapshot.vid().equals(tail) ? Optional.of(snapshot.state()) : Optional.empty();
    }

    private boolean isWanted(RegistryState state, UUID id) {
        RegistryRepo repo = state.repo(id);
        if (repo == null || prefixes.isEmpty() || repo.moveWorkflow() != null) {
            return repo != null;
        }
        GlobalPath path = new GlobalPath(repo.path());
        return prefixes.stream().anyMatch(path::isAtOrBelow);
    }
}
