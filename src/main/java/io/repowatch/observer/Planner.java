package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryRules.Standing;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Says what an observer with a configuration would do if it were started now: reads what the observer would read, as far as
 * it goes, and asks the same rules. It writes nothing, posts nothing, and knows no port. Thread-safe.
 */
public final class Planner {
    private final ObserverConfig config;
    private final EventSource source;
    private final RegistryRules registryRules;
    private final RepoRules repoRules;

    /** Plans for an observer of this configuration, from the events of this source; its wake-ups are not asked for. */
    public Planner(ObserverConfig config, EventSource source) {
        this.config = config;
        this.source = source;
        Prefixes prefixes = new Prefixes(config.prefixes());
        this.registryRules = new RegistryRules(prefixes);
        this.repoRules = new RepoRules(prefixes);
    }

    /**
     * Reads each registry and its repos once, and emits what an observer would do now: repo after repo in the order in which
     * they came to the registry, and for each repo in the order in which it would be done, up to the first part of a workflow.
     * A repo for which there is nothing to do waits, and says for what.
     *
     * <p>Cold: every subscription reads again. Emits on whatever threads the source emits, one at a time. Reads at most
     * {@link ObserverConfig#repoReads()} repos at once, and ahead of demand no more than those. Fails with the first read that fails; there is no
     * retry, as half a plan is none. Cancelling closes all reads. Events that come meanwhile may be seen or not, repo by repo.
     */
    public Flux<PlannedAction> plan() {
        return Flux.fromIterable(config.registries())
                .concatMap(this::standings)
                .flatMapIterable(Map::entrySet)
                .flatMapSequential(
                        repo -> repo(repo.getKey(), repo.getValue()).flatMapIterable(RepoPlan::actions),
                        config.repoReads());
    }

    private Mono<Map<UUID, Standing>> standings(String registry) {
        return source.read(new RegistryKey(registry), Vid.EPOCH)
                .map(Event::body)
                .reduceWith(RegistryRules::initial, (repos, event) -> {
                    registryRules.fold(repos, event);
                    return repos;
                });
    }

    private Mono<RepoPlan> repo(UUID repo, Standing standing) {
        return source.<RepoEvent>read(new RepoKey(repo), Vid.EPOCH)
                .reduceWith(() -> new RepoPlan(repoRules, config.hosts(), repo, standing), RepoPlan::fold);
    }
}
