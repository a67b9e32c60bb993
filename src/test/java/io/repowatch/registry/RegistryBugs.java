package io.repowatch.registry;

import io.repowatch.journal.Append;
import io.repowatch.journal.Journal;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Registries with one method that is wrong, for the simulation to find. */
public final class RegistryBugs {
    private RegistryBugs() {}

    /** Each stream of an append is stored alone, so that a crash may leave half of it. */
    public static Registry appendsStreamByStream(Journal journal, RegistryConfig config) {
        return Registry.open(journal, config, (j, c, identities) -> new CommandLoops(j, c, identities) {
            @Override
            CommandLoop loop(AggregateRef<?, ?> ref) {
                return new CommandLoop(j, c.scheduler(), identities, ref, c.cachedRepos() + 1) {
                    @Override
                    Mono<Long> append(List<Append> appends) {
                        return Flux.fromIterable(appends)
                                .concatMap(append -> j.append(List.of(append)))
                                .last();
                    }
                };
            }
        });
    }
}
