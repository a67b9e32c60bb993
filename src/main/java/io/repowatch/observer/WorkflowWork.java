package io.repowatch.observer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Carries out the operations of workflows through the ports. Thread-safe. */
final class WorkflowWork {
    /** After each such time the workflow is read again, so that one that has ended is no longer waited for. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final Duration BETWEEN_PINGS = Duration.ofSeconds(1);
    private static final int LONGEST_REASON = 120;
    private static final String PING = "repowatch ping";

    private final Initializer initializer;
    private final Processor processor;
    private final RegistryCommands commands;
    private final Sinks.Empty<Void> stopping = Sinks.empty();
    private final InstantSource clock;
    private final Scheduler timer;
    private final Duration enabledWait;
    private final int reasonBytes;

    WorkflowWork(
            ObserverConfig config,
            Initializer initializer,
            Processor processor,
            RegistryCommands commands,
            InstantSource clock,
            Scheduler timer) {
        this.initializer = initializer;
        this.processor = processor;
        this.commands = commands;
        this.clock = clock;
        this.timer = timer;
        this.enabledWait = config.enabledWait();
        this.reasonBytes = Math.min(config.errorMessageBytes(), LONGEST_REASON);
    }

    Instant now() {
        return clock.instant();
    }

    /**
     * Ends every wait for somebody else, so that an orderly stop need not wait for it. Called after the engine begins no callback
     * any more: what waited would otherwise go on.
     */
    void stop() {
        Sinks.EmitResult result = stopping.tryEmitEmpty();
        if (result.isFailure() && result != Sinks.EmitResult.FAIL_TERMINATED) {
            throw new Sinks.EmissionException(result);
        }
    }

    /** Completes when the observer stops. */
    Mono<Void> stopping() {
        return stopping.asMono();
    }

    /** Emits whether the operation is done; false if it is to be looked at again. */
    Mono<Boolean> carryOut(PartRun<?> run, WorkflowOperation operation) {
        return operation instanceof WorkflowOperation.AwaitEnabled wait
                ? enabled(run, wait)
                : port(operation).thenReturn(true);
    }

    private Mono<?> port(WorkflowOperation operation) {
        if (operation instanceof WorkflowOperation.PostReleased post) {
            return commands.postMoveRepoStaReleased(post.repo(), post.workflow());
        }
        if (operation instanceof WorkflowOperation.PostDisabled post) {
            return commands.postMoveShadowStaDisabled(post.repo(), post.workflow());
        }
        if (operation instanceof WorkflowOperation.Move move) {
            return move(move.move());
        }
        if (operation instanceof WorkflowOperation.Freeze freeze) {
            return processor.freeze(freeze.request());
        }
        if (operation instanceof WorkflowOperation.Unfreeze unfreeze) {
            return processor.unfreeze(unfreeze.request());
        }
        if (operation instanceof WorkflowOperation.Undo undo) {
            return processor.undoFreeze(undo.request());
        }
        if (operation instanceof WorkflowOperation.CommitFiles commit) {
            return commit.freeze()
                    ? commands.commitFreezeRepoFiles(commit.workflow(), commit.version())
                    : commands.commitUnfreezeRepoFiles(commit.workflow(), commit.version());
        }
        if (operation instanceof WorkflowOperation.AbortFiles abort) {
            return abort(abort);
        }
        if (operation instanceof WorkflowOperation.Ping ping) {
            return ping(ping);
        }
        return Mono.error(() -> new IllegalStateException("nothing is done for " + operation));
    }

    private Mono<?> move(RepoMove move) {
        return initializer
                .moveRepo(move)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("the initializer named no new shadow")))
                .flatMap(shadow -> commands.commitMoveRepo(move.repo(), move.workflow(), shadow));
    }

    private Mono<?> abort(WorkflowOperation.AbortFiles abort) {
        int code = FreezeRules.code(abort.freeze());
        String reason = ErrorText.cut(abort.reason(), reasonBytes);
        return abort.freeze()
                ? commands.abortFreezeRepoFiles(abort.workflow(), abort.version(), code, reason)
                : commands.abortUnfreezeRepoFiles(abort.workflow(), abort.version(), code, reason);
    }

    private Mono<?> ping(WorkflowOperation.Ping ping) {
        Mono<?> pause = ping.first() ? Mono.empty() : Mono.delay(BETWEEN_PINGS, timer);
        return pause.then(Mono.defer(() -> commands.serverPing(ping.workflow(), 0, PING)));
    }

    private Mono<Boolean> enabled(PartRun<?> run, WorkflowOperation.AwaitEnabled wait) {
        return Mono.defer(() -> {
            Instant until = run.enabledUntil;
            if (until == null) {
                until = now().plus(enabledWait);
                run.enabledUntil = until;
            }
            Duration left = Duration.between(now(), until);
            if (left.isNegative() || left.isZero()) {
                return Mono.error(new NotEnabledException(wait.repo(), enabledWait));
            }
            return processor
                    .enabled(wait.repo())
                    .then(Mono.fromSupplier(() -> {
                        run.enabledUntil = null;
                        return true;
                    }))
                    .takeUntilOther(stopping())
                    .timeout(left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT, Mono.just(false), timer);
        });
    }
}
