package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.id.Vid;
import io.repowatch.observer.IndexRules.Entry;
import io.repowatch.observer.RegistryRules.Standing;
import io.repowatch.observer.RepoPlan.LinkPlan;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final IndexRules indexRules;

    /** Plans for an observer of this configuration, from the events of this source; its wake-ups are not asked for. */
    public Planner(ObserverConfig config, EventSource source) {
        this.config = config;
        this.source = source;
        Prefixes prefixes = new Prefixes(config.prefixes());
        this.registryRules = new RegistryRules(prefixes);
        this.repoRules = new RepoRules(prefixes);
        this.indexRules = new IndexRules(prefixes);
    }

    /**
     * Reads each registry, its repos and its workflows once, and emits what an observer would do now: repo after repo in the
     * order in which they came to the registry, then the workflows of the registry's index. For each of them the plan goes in
     * the order in which it would be done as far as the first step that lasts: what comes then depends on the events that the
     * step causes. That every port succeeds is taken for granted. A repo for which there is nothing to do waits, and says for
     * what.
     *
     * <p>Cold: every subscription reads again. Emits on whatever threads the source emits, one at a time. Reads at most
     * {@link ObserverConfig#repoReads()} streams at once, and ahead of demand no more than those. Fails with the first read
     * that fails; there is no retry, as half a plan is none. Cancelling closes all reads. Events that come meanwhile may be seen
     * or not, stream by stream.
     */
    public Flux<PlannedAction> plan() {
        return Flux.fromIterable(config.registries())
                .concatMap(registry -> standings(registry)
                        .flatMapMany(repos -> Flux.concat(repos(repos), workflows(registry, repos))));
    }

    private Mono<Map<UUID, Standing>> standings(String registry) {
        return source.read(new RegistryKey(registry), Vid.EPOCH)
                .map(Event::body)
                .reduceWith(RegistryRules::initial, (repos, event) -> {
                    registryRules.fold(repos, event);
                    return repos;
                });
    }

    private Flux<PlannedAction> repos(Map<UUID, Standing> repos) {
        return Flux.fromIterable(repos.entrySet())
                .flatMapSequential(
                        repo -> repo(repo.getKey(), repo.getValue())
                                .flatMapMany(plan -> links(plan.repo(), plan.links())),
                        config.repoReads());
    }

    private Mono<RepoPlan> repo(UUID repo, Standing standing) {
        return source.<RepoEvent>read(new RepoKey(repo), Vid.EPOCH)
                .reduceWith(() -> new RepoPlan(repoRules, config.hosts(), repo, standing), RepoPlan::fold);
    }

    /** The first link, and those behind it as far as it makes way for them. */
    private Flux<PlannedAction> links(RepoState repo, List<LinkPlan> links) {
        if (links.isEmpty()) {
            return Flux.empty();
        }
        LinkPlan link = links.get(0);
        Flux<PlannedAction> rest = Flux.defer(() -> quit(repo, links));
        Action part = link.part();
        return Flux.fromIterable(link.actions()).concatWith(part == null ? rest : part(repo, part, rest));
    }

    private Flux<PlannedAction> quit(RepoState repo, List<LinkPlan> links) {
        Action quit = links.get(0).quit();
        return quit == null
                ? Flux.empty()
                : Flux.just(PlannedAction.of(repo, quit)).concatWith(links(repo, links.subList(1, links.size())));
    }

    private Flux<PlannedAction> part(RepoState repo, Action action, Flux<PlannedAction> rest) {
        UUID workflow = Objects.requireNonNull(action.workflow(), "workflow");
        WorkflowKey key = new WorkflowKey(new WorkflowKey.OfRepo(repo.id()), workflow);
        return PartPlan.read(source, key, WorkflowParts.ofRepo(part(action.operation()), repo, workflow))
                .map(PartPlan::due)
                .flatMapMany(due -> due.operation() instanceof WorkflowOperation.End end
                        ? ended(repo, action, end, rest)
                        : Flux.just(PlannedAction.of(repo, workflow, due)));
    }

    private static Flux<PlannedAction> ended(
            RepoState repo, Action action, WorkflowOperation.End end, Flux<PlannedAction> rest) {
        // As in RepoActivity: a repo whose move was given up before it was let go stays with its link.
        return action.operation() == Operation.RELEASE && !end.aborted()
                ? rest
                : Flux.just(PlannedAction.waits(
                        repo, action.workflow(), "the workflow is over, its event on the repo is awaited"));
    }

    private static WorkflowPart part(Operation operation) {
        return switch (operation) {
            case RELEASE -> WorkflowPart.RELEASE;
            case ACQUIRE -> WorkflowPart.ACQUIRE;
            case MOVE_SHADOW -> WorkflowPart.MOVE_SHADOW;
            default -> throw new IllegalArgumentException(operation + " is no part of a workflow");
        };
    }

    private Flux<PlannedAction> workflows(String registry, Map<UUID, Standing> repos) {
        return source.read(new IndexKey(registry), Vid.EPOCH)
                .map(Event::body)
                .reduceWith(ActiveWorkflows::new, (active, event) -> {
                    indexRules.fold(active, event);
                    return active;
                })
                .flatMapIterable(ActiveWorkflows::inOrder)
                .flatMapSequential(entry -> workflow(registry, entry, repos), config.repoReads());
    }

    private Mono<PlannedAction> workflow(String registry, Entry entry, Map<UUID, Standing> repos) {
        WorkflowKey key = new WorkflowKey(new WorkflowKey.OfRegistry(registry), entry.workflow());
        return PartPlan.read(source, key, WorkflowParts.ofRegistry(entry.part(), entry.workflow()))
                .flatMap(part -> {
                    UUID repo = part.repo();
                    Standing standing = repo == null ? null : repos.get(repo);
                    return repo == null || standing == null
                            ? Mono.justOrEmpty(part.planned(entry.workflow(), null))
                            : repo(repo, standing).mapNotNull(plan -> part.planned(entry.workflow(), plan));
                });
    }
}
