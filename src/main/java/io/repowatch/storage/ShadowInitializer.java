package io.repowatch.storage;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoMove;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StoredError;
import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.GetRepoO;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Prepares repos of this host: makes their shadow git repos and confirms them to the registry (storage specification §3.3, §5).
 * Thread-safe; every publisher is cold and may be subscribed again.
 *
 * <p>Files and git are touched only on the injected Scheduler, which bounds how many repos are initialised at a time, and only
 * under the repo's lock. Cancelling ends a walk at its next entry and leaves nothing behind.
 */
public final class ShadowInitializer implements Initializer {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowInitializer.class);

    private final RegistryCommands commands;
    private final StorageConfig config;
    private final RepoTable locks;
    private final BlockingWork blocking;
    private final ShadowLocation location;
    private final ShadowCreation creation;
    private final RepoMoves moves;

    /**
     * Uses, but does not own, what it gets.
     *
     * @param commands where repos are confirmed, and asked for where a history is incomplete
     * @param config where shadow repos go, and the limits
     * @param locks the table whose locks keep an initialisation apart from other work on the same repo
     * @param blocking a bounded Scheduler whose threads may block
     * @param timer a Scheduler for delays, whose threads are not blocked
     * @param clock the time of commits
     * @param random makes names of temporary directories unique
     * @param progress hears how far walks have come
     */
    public ShadowInitializer(
            RegistryCommands commands,
            StorageConfig config,
            RepoTable locks,
            Scheduler blocking,
            Scheduler timer,
            InstantSource clock,
            RandomGenerator random,
            ProgressListener progress) {
        this(
                commands,
                config,
                locks,
                blocking,
                new ShadowCreation(config, clock, random, progress, step -> {}),
                new RepoMoves(config, locks, new BlockingWork(blocking), timer, progress, MoveStep.Listener.NONE));
    }

    ShadowInitializer(
            RegistryCommands commands,
            StorageConfig config,
            RepoTable locks,
            Scheduler blocking,
            ShadowCreation creation,
            RepoMoves moves) {
        this.commands = commands;
        this.config = config;
        this.locks = locks;
        this.blocking = new BlockingWork(blocking);
        this.location = new ShadowLocation(config);
        this.creation = creation;
        this.moves = moves;
    }

    /**
     * Emits what the history tells, or, where that is incomplete, what the registry answers. {@link StrongError} if the repo has
     * no shadow, if its shadow is outside the shadow roots, or if it lives on another host; {@link WeakError} if the registry
     * refuses to answer.
     */
    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        return Mono.justOrEmpty(RepoInfo.of(state))
                .switchIfEmpty(Mono.defer(() -> commands.getRepo(state.id())
                        .onErrorMap(CommandRejectedException.class, e -> refused("tell about the repo", e))
                        .map(answer -> parse(state.id(), answer))))
                .doOnNext(this::requireOurs);
    }

    /**
     * Makes the shadow repo with its first commit, and confirms it; completes when the registry has it. A shadow that is complete
     * already is only confirmed; nothing is done if the history says that it is confirmed.
     *
     * <p>Errors: {@link StoredError} if the history holds an error; {@link StrongError} for another host, a missing or unreadable
     * data directory, an exceeded limit; {@link WeakError} where trying again may help.
     */
    @Override
    public Mono<Void> initRepo(RepoState state) {
        return Mono.defer(() -> {
            if (state.hasError()) {
                return Mono.error(new StoredError(state.error()));
            }
            requireHost(state.fileHost());
            return state.hasShadow() ? Mono.empty() : makeAndConfirm(state);
        });
    }

    private Mono<Void> makeAndConfirm(RepoState state) {
        return locks.withLock(state.id(), () -> blocking.run(stopped -> make(state, stopped)))
                // The lock is free again: a registry that does not answer must not hold it.
                .flatMap(shadow -> commands.confirmShadow(state.id(), shadow.toString()))
                .onErrorMap(CommandRejectedException.class, e -> refused("take the shadow", e))
                .then();
    }

    private Path make(RepoState state, BooleanSupplier stopped) {
        LOG.info("making the shadow of {} {}", state.id(), state.globalPath());
        Path shadow = creation.create(state, stopped);
        LOG.info("made the shadow of {} {}", state.id(), state.globalPath());
        return shadow;
    }

    /** Always fails with {@link StrongError}: this version knows no GitLab. */
    @Override
    public Mono<Void> enableGitlab(RepoState state) {
        return Mono.error(() -> new StrongError("GitLab is disabled on this host; disable it for the repo too"));
    }

    /**
     * Moves data and shadow, or waits for the operator who does, as the configuration says (storage specification §8); emits where
     * the shadow is now. Where the data stays on its file system it is renamed; otherwise it is copied beside the destination,
     * compared, and renamed when it is equal, and stays usable at its old place until then. Frozen data stays frozen.
     *
     * <p>Fails if something else is at the destination, if the data directory is a link or a mount point, if the disk is full:
     * nothing is lost, and the next attempt goes on. Cancelling ends a copy at its next piece.
     */
    @Override
    public Mono<String> moveRepo(RepoMove move) {
        return Mono.defer(() -> {
            requireHost(move.fileHost());
            return moves.move(move);
        });
    }

    @Override
    public String moveProgress(UUID workflow) {
        return moves.progress(workflow);
    }

    private void requireHost(String host) {
        if (!config.hosts().contains(host)) {
            throw new StrongError("host " + PathBytes.printable(host) + " is not served here, only "
                    + String.join(", ", config.hosts().stream().sorted().toList()));
        }
    }

    private void requireOurs(RepoInfo info) {
        requireHost(info.fileHost());
        location.existing(info.shadowPath());
    }

    // A registry may refuse for a passing reason without saying so: some answer any conflict with an unknown error.
    private static WeakError refused(String what, CommandRejectedException e) {
        return new WeakError("the registry refused to " + what + " (" + e.code() + "): " + e.getMessage(), e);
    }

    private static RepoInfo parse(UUID repo, GetRepoO answer) {
        HostAndPath file = HostAndPath.parse("data directory", answer.getFile());
        if (answer.getShadow().isEmpty()) {
            throw new StrongError("the repo has no shadow yet");
        }
        HostAndPath shadow = HostAndPath.parse("shadow", answer.getShadow());
        try {
            return new RepoInfo(
                    repo,
                    Vid.of(answer.getVid().toByteArray()),
                    answer.getRegistry(),
                    GlobalPath.parse(answer.getGlobalPath()),
                    file.host(),
                    file.path(),
                    shadow.path(),
                    answer.getGitlab().isEmpty() ? null : answer.getGitlab(),
                    answer.getStorageTier());
        } catch (IllegalArgumentException e) {
            throw new StrongError("the registry answers nonsense about the repo: " + e.getMessage(), e);
        }
    }
}
