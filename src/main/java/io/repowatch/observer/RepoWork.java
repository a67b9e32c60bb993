package io.repowatch.observer;

import io.repowatch.engine.Scope;
import io.repowatch.observer.RepoStatus.State;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What all repo activities of an observer share: the rules, the ports behind them, and where results are told. Thread-safe.
 */
final class RepoWork {
    private final Initializer initializer;
    private final Processor processor;
    private final WorkflowParts parts;
    private final Set<String> hosts;
    private final FailurePolicy failures;
    private final Observations observations;
    private final StatusBoard board;
    private final Prefixes prefixes;
    private final RepoRules rules;
    private final ViewPacker packer = new ViewPacker();

    RepoWork(
            ObserverConfig config,
            Initializer initializer,
            Processor processor,
            WorkflowParts parts,
            FailurePolicy failures,
            Observations observations,
            StatusBoard board) {
        this.initializer = initializer;
        this.processor = processor;
        this.parts = parts;
        this.hosts = config.hosts();
        this.failures = failures;
        this.observations = observations;
        this.board = board;
        this.prefixes = new Prefixes(config.prefixes());
        this.rules = parts.makings().repoRules(prefixes);
    }

    RepoRules rules() {
        return rules;
    }

    Makings makings() {
        return parts.makings();
    }

    ViewPacker packer() {
        return packer;
    }

    StatusBoard board() {
        return board;
    }

    void observe(Observation observation) {
        observations.add(observation);
    }

    /** How an action ended: with success, or with a failure that is stored or known, which leaves the rest of a list pending. */
    record Outcome(@Nullable String failure, @Nullable PartEnd part) {
        private static final Outcome SUCCESS = new Outcome(null, null);

        boolean succeeded() {
            return failure == null;
        }
    }

    /** Carries out one action. Emits one outcome, or fails with what the engine is to retry. */
    Mono<Outcome> carryOut(Scope scope, RepoState repo, Action action) {
        return Mono.defer(() -> outcome(scope, repo, action))
                .doOnSuccess(outcome -> failures.succeeded(repo.id(), action))
                .onErrorResume(error -> failed(repo, action, error));
    }

    /** The link of a repo has ended. */
    void forget(UUID repo) {
        failures.forget(repo);
        board.remove(repo);
    }

    private Mono<Outcome> outcome(Scope scope, RepoState repo, Action action) {
        return switch (action.operation()) {
            case RELEASE -> part(scope, WorkflowPart.RELEASE, repo, action);
            case ACQUIRE -> part(scope, WorkflowPart.ACQUIRE, repo, action);
            case MOVE_SHADOW -> part(scope, WorkflowPart.MOVE_SHADOW, repo, action);
            default -> port(repo, action).thenReturn(Outcome.SUCCESS);
        };
    }

    private Mono<Outcome> failed(RepoState repo, Action action, Throwable error) {
        return switch (action.operation()) {
            case INIT, ENABLE, GITLAB ->
                failures.handle(repo.id(), action, error).thenReturn(new Outcome(ErrorText.message(error), null));
            default -> failures.retry(repo.id(), action, error).thenReturn(Outcome.SUCCESS);
        };
    }

    private Mono<Void> port(RepoState repo, Action action) {
        return switch (action.operation()) {
            case INIT -> here(repo).then(initializer.initRepo(repo)).then(done(repo, action));
            case ENABLE -> here(repo).then(enable(repo, action));
            case GITLAB -> here(repo).then(initializer.enableGitlab(repo)).then(done(repo, action));
            case DISABLE -> processor.disable(repo.id()).then(done(repo, action));
            case RELEASE, ACQUIRE, MOVE_SHADOW, QUIT ->
                throw new IllegalStateException("no port does " + action.operation());
        };
    }

    private Mono<Void> enable(RepoState repo, Action action) {
        return initializer
                .getRepo(repo)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the initializer said nothing of the repo")))
                .flatMap(info -> processor
                        .enable(info)
                        .then(Mono.fromRunnable(() ->
                                observe(new Observation.Enabled(repo.id(), info, action.rule(), action.cause())))));
    }

    private Mono<Outcome> part(Scope scope, WorkflowPart part, RepoState repo, Action action) {
        observe(new Observation.Waiting(repo.id(), waitingFor(action)));
        return parts.run(scope, part, repo, workflow(action))
                .flatMap(end -> this.<Outcome>done(repo, action).thenReturn(new Outcome(null, end)));
    }

    /** Tells the processor that a repo has left for good. */
    Mono<Void> gone(RepoState repo) {
        return processor.gone(repo.id());
    }

    /** Whether a move leads outside the prefixes. */
    boolean leadsAway(PartEnd end) {
        return !end.aborted() && end.newPath() != null && !prefixes.own(end.newPath());
    }

    private <T> Mono<T> done(RepoState repo, Action action) {
        return Mono.fromRunnable(() ->
                observe(new Observation.ActionDone(repo.id(), action.operation(), action.rule(), action.cause())));
    }

    /** Refuses a repo of another host before any port is asked, for every operation alike (D28). */
    private Mono<Void> here(RepoState repo) {
        return isHere(hosts, repo) ? Mono.empty() : Mono.error(new StrongError(notHere(hosts, repo)));
    }

    /** Whether an operation touches the files of a repo, which have to be on this host. */
    static boolean needsHost(Action action) {
        return switch (action.operation()) {
            case INIT, ENABLE, GITLAB -> true;
            default -> false;
        };
    }

    /** Whether a repo is on one of {@code hosts}, as far as that can be told here. */
    static boolean isHere(Set<String> hosts, RepoState repo) {
        return hosts.isEmpty() || repo.fileHost().isEmpty() || hosts.contains(repo.fileHost());
    }

    /** Why a repo of another host is refused. */
    static String notHere(Set<String> hosts, RepoState repo) {
        return "host " + repo.fileHost() + " is not served here; served are " + String.join(", ", hosts);
    }

    /** What an action waits for, in words for an operator. */
    String waitingFor(Action action) {
        return switch (action.operation()) {
            case INIT -> "the shadow repo is being made";
            case ENABLE -> "the repo is being enabled";
            case GITLAB -> "the GitLab project is being made";
            case DISABLE -> "the repo is being disabled";
            case RELEASE, ACQUIRE, MOVE_SHADOW -> "the " + action.operation() + " part of move " + workflow(action);
            case QUIT -> "the processor is told that the repo has left";
        };
    }

    /** The state of a repo while an action runs. */
    static State stateDuring(Action action) {
        return switch (action.operation()) {
            case INIT -> State.INITIALISING;
            case ENABLE -> State.ENABLING;
            default -> State.WAITING;
        };
    }

    private static UUID workflow(Action action) {
        return Objects.requireNonNull(action.workflow(), "workflow");
    }
}
