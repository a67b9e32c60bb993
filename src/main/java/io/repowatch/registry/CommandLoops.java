package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Journal;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reactor.core.publisher.Mono;

/** The command loops of a server: one for main, one for each registry that exists and was needed. Thread-safe. */
class CommandLoops {
    private final Journal journal;
    private final RegistryConfig config;
    private final Identities identities;
    private final CommandLoop main;
    private final ConcurrentMap<String, RegistryLoop> registries = new ConcurrentHashMap<>();

    /** The loop of one registry, with what it is about. */
    record RegistryLoop(AggregateRef<RegistryState, RegistryEvent> registry, CommandLoop loop) {
        <R> Mono<R> submit(Transaction<R> transaction) {
            return loop.submit(transaction);
        }

        Mono<Snapshot<RegistryState>> current() {
            return loop.current(registry);
        }
    }

    /** Makes the loops of a registry; a test makes others. */
    @FunctionalInterface
    interface Maker {
        CommandLoops make(Journal journal, RegistryConfig config, Identities identities);
    }

    CommandLoops(Journal journal, RegistryConfig config, Identities identities) {
        this.journal = journal;
        this.config = config;
        this.identities = identities;
        this.main = loop(AggregateRef.main());
    }

    CommandLoop loop(AggregateRef<?, ?> ref) {
        return new CommandLoop(journal, config.scheduler(), identities, ref, config.cachedRepos() + 1);
    }

    CommandLoop main() {
        return main;
    }

    /** Emits the loop of a registry. An unknown registry is an error and leaves nothing behind, whatever its name. */
    Mono<RegistryLoop> registry(String name) {
        return Mono.defer(() -> {
            RegistryLoop known = registries.get(name);
            return known != null ? Mono.just(known) : existing(name);
        });
    }

    private Mono<RegistryLoop> existing(String name) {
        return journal.tail(Category.REGISTRY.stream(EntityIds.registry(name))).flatMap(vid -> {
            if (vid.isEpoch()) {
                return Mono.error(uninitialized());
            }
            return Mono.just(registries.computeIfAbsent(name, key -> {
                AggregateRef<RegistryState, RegistryEvent> ref = AggregateRef.registry(key);
                return new RegistryLoop(ref, loop(ref));
            }));
        });
    }

    private static RuntimeException uninitialized() {
        return UnitOfWork.rejected(
                RegistryAggregate.INSTANCE, new Rejection(Status.Code.NOT_FOUND, "uninitialized registry"));
    }

    /** Emits the loop that a repo's commands belong to, which its first event names. An unknown repo is an error. */
    Mono<RegistryLoop> ofRepo(UUID repo) {
        AggregateRef<RepoState, RepoEvent> ref = AggregateRef.repo(repo);
        return Mono.defer(() -> journal.read(ref.stream(), Vid.EPOCH)
                .next()
                .map(first -> Replay.parsed(ref.aggregate(), ref.stream(), first)
                        .getFsoRepoInitInfo()
                        .getRegistry())
                .filter(name -> !name.isEmpty())
                .switchIfEmpty(Mono.error(CommandLoops::uninitializedRepo))
                .flatMap(this::registry));
    }

    static RuntimeException uninitializedRepo() {
        return UnitOfWork.rejected(
                RepoAggregate.INSTANCE, new Rejection(Status.Code.NOT_FOUND, RepoCommands.UNINITIALIZED));
    }
}
