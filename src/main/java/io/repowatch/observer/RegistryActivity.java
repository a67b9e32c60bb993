package io.repowatch.observer;

import io.repowatch.engine.Activity;
import io.repowatch.engine.Event;
import io.repowatch.engine.Step;
import io.repowatch.observer.RegistryRules.Standing;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Follows one registry: folds its history, then starts what follows each repo that concerns us, and goes on with one event at
 * a time. Starting a link twice does nothing, so every callback may be repeated.
 */
final class RegistryActivity implements Activity<RegistryEvent> {
    private final RegistryKey key;
    private final RegistryRules rules;
    private final RepoChains chains;
    private final Observations observations;
    private @Nullable Map<UUID, Standing> loading = RegistryRules.initial();
    private @Nullable List<Observation> malformed;

    RegistryActivity(RegistryKey key, RegistryRules rules, RepoChains chains, Observations observations) {
        this.key = key;
        this.rules = rules;
        this.chains = chains;
        this.observations = observations;
    }

    @Override
    public void replay(Event<RegistryEvent> event) {
        Observation defect = defect(event);
        if (defect != null) {
            malformed = malformed == null ? new ArrayList<>() : malformed;
            malformed.add(defect);
        }
        if (loading != null) {
            rules.fold(loading, event.body());
        }
    }

    @Override
    public Mono<Step> quiesced() {
        if (malformed != null) {
            malformed.forEach(observations::add);
            malformed = null;
        }
        if (loading != null) {
            // In the order of their ids, by which a store keeps streams side by side: a read finds what the last one
            // has loaded.
            loading.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(repo -> start(repo.getKey(), repo.getValue()));
            observations.add(new Observation.RegistryLoaded(key.registry(), loading.size()));
            loading = null;
        }
        return Step.next();
    }

    private void start(UUID repo, Standing standing) {
        if (standing.own()) {
            chains.append(repo, Link.FOLLOW);
        }
        if (standing.acquire() != null) {
            chains.append(repo, new Link.Acquire(standing.acquire()));
        }
    }

    @Override
    public Mono<Step> live(Event<RegistryEvent> event) {
        Observation defect = defect(event);
        if (defect != null) {
            observations.add(defect);
        }
        RegistryRules.Append append = rules.onLive(event.body());
        if (append != null) {
            chains.append(append.repo(), append.link());
        }
        return Step.next();
    }

    private @Nullable Observation defect(Event<RegistryEvent> event) {
        String defect = RegistryRules.defect(event.body());
        return defect == null
                ? null
                : new Observation.Malformed(
                        key.entity(), event.id(), event.body().getEvent() + ": " + defect);
    }
}
