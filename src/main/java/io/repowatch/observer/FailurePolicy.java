package io.repowatch.observer;

import java.time.InstantSource;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What becomes of a failed operation (storage specification §1.6 with D15-D17): strong errors are stored on the repo at once,
 * weak ones after too many in a row, stored ones are known already, and all others are left to the engine, which calls again
 * after back-off. Thread-safe.
 */
final class FailurePolicy {
    private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);

    private final RegistryCommands commands;
    private final InstantSource clock;
    private final Observations observations;
    private final int weakRetryLimit;
    private final int messageBytes;
    private final WeakFailures weak;

    FailurePolicy(ObserverConfig config, RegistryCommands commands, InstantSource clock, Observations observations) {
        this(config, commands, clock, observations, new WeakFailures());
    }

    FailurePolicy(
            ObserverConfig config,
            RegistryCommands commands,
            InstantSource clock,
            Observations observations,
            WeakFailures weak) {
        this.weak = weak;
        this.commands = commands;
        this.clock = clock;
        this.observations = observations;
        this.weakRetryLimit = config.weakRetryLimit();
        this.messageBytes = config.errorMessageBytes();
    }

    /** Completes when the failure is handled; fails with what the engine is to retry. */
    Mono<Void> handle(UUID repo, Action action, Throwable error) {
        return switch (Severity.of(error)) {
            case STORED -> {
                weak.reset(repo, action.operation());
                observe(repo, action, error, false);
                yield Mono.empty();
            }
            case STRONG -> store(repo, action, error);
            case WEAK ->
                weak.failed(repo, action.operation()) <= weakRetryLimit + 1
                        ? retry(repo, action, error)
                        : store(repo, action, error);
            case OTHER -> retry(repo, action, error);
        };
    }

    /** Reports a failure that the engine retries. */
    Mono<Void> retry(UUID repo, Action action, Throwable error) {
        observe(repo, action, error, true);
        return Mono.error(error);
    }

    void succeeded(UUID repo, Action action) {
        weak.reset(repo, action.operation());
    }

    void forget(UUID repo) {
        weak.forget(repo);
    }

    private Mono<Void> store(UUID repo, Action action, Throwable error) {
        observe(repo, action, error, false);
        String text = ErrorText.stored(clock.instant(), ErrorText.message(error), messageBytes);
        return commands.setRepoError(repo, text)
                .map(vid -> false)
                // Another error is stored already, or none may be stored: repeating the operation mends neither (D16).
                .onErrorResume(refused -> Severity.of(refused) == Severity.STRONG, refused -> Mono.just(true))
                .defaultIfEmpty(false)
                .doOnNext(refused -> stored(repo, action, text, refused))
                .then();
    }

    private void stored(UUID repo, Action action, String text, boolean refused) {
        weak.reset(repo, action.operation());
        LOG.warn("repo {}: {} failed, error {}: {}", repo, action.operation(), refused ? "not stored" : "stored", text);
        observations.add(new Observation.ErrorStored(repo, text, refused));
    }

    private void observe(UUID repo, Action action, Throwable error, boolean retried) {
        LOG.debug("repo {}: {} failed (rule {})", repo, action.operation(), action.rule(), error);
        observations.add(new Observation.ActionFailed(
                repo, action.operation(), action.rule(), action.cause(), ErrorText.message(error), retried));
    }
}
