package io.repowatch.testkit.simulation;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StoredError;
import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.GetRepoO;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * The storage of one observer process: what it does shows on the {@link StorageHost}, takes its time, and fails by chance.
 * Every call passes the {@link Judge}.
 */
final class SimulatedStorage implements Initializer, Processor {
    private static final Duration SLOW = Duration.ofMinutes(3);
    private static final int MOST_MILLIS = 2000;

    private final World world;
    private final ObserverProcess observer;
    private final StorageHost host;
    private final ProcessScheduler process;
    private final RegistryCommands commands;
    private final Judge judge;
    private final Map<UUID, RepoInfo> enabled = new HashMap<>();
    private int running;

    SimulatedStorage(World world, ObserverProcess observer, ProcessScheduler process, RegistryCommands commands) {
        this.world = world;
        this.observer = observer;
        this.host = observer.host();
        this.process = process;
        this.commands = commands;
        this.judge = world.judge;
    }

    /** The process is dead: nobody holds what it held. */
    void died() {
        judge.released(observer);
    }

    boolean isBusy() {
        return running > 0;
    }

    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        return Mono.defer(() -> {
            judge.acts(observer, state, "get-repo");
            return Mono.justOrEmpty(RepoInfo.of(state)).switchIfEmpty(Mono.defer(() -> ask(state.id())));
        });
    }

    private Mono<RepoInfo> ask(UUID repo) {
        return commands.getRepo(repo)
                .onErrorMap(CommandRejectedException.class, e -> new WeakError("the registry refused", e))
                .map(answer -> parse(repo, answer));
    }

    private static RepoInfo parse(UUID repo, GetRepoO answer) {
        if (answer.getShadow().isEmpty()) {
            throw new StrongError("the repo has no shadow yet");
        }
        String[] file = answer.getFile().split(":", 2);
        return new RepoInfo(
                repo,
                Vid.of(answer.getVid().toByteArray()),
                answer.getRegistry(),
                GlobalPath.parse(answer.getGlobalPath()),
                file[0],
                file[1],
                answer.getShadow().split(":", 2)[1],
                answer.getGitlab().isEmpty() ? null : answer.getGitlab());
    }

    @Override
    public Mono<Void> initRepo(RepoState state) {
        return work("init", state, () -> {
            if (state.hasError()) {
                throw new StoredError(state.error());
            }
            judge.inits(observer, state);
            String path = StorageHost.shadowPath(state.hostPath(), state.id());
            StorageHost.Shadow there = host.shadows.putIfAbsent(path, new StorageHost.Shadow(state.id()));
            world.trace.add(observer.name(), there == null ? "makes shadow " + path : "finds shadow " + path);
            return path;
        })
                .flatMap(path -> commands.confirmShadow(state.id(), path))
                .onErrorMap(CommandRejectedException.class, e -> new WeakError("the registry refused", e))
                .then();
    }

    @Override
    public Mono<Void> enableGitlab(RepoState state) {
        return work("gitlab", state, () -> {
            judge.makesProject(observer, state);
            return host.project(state.id());
        })
                .flatMap(project -> commands.confirmGit(state.id(), project))
                .onErrorMap(CommandRejectedException.class, e -> new WeakError("the registry refused", e))
                .then();
    }

    @Override
    public Mono<Void> enable(RepoInfo info) {
        return timed("enable", info.id(), () -> {
            judge.enables(observer, info);
            enabled.put(info.id(), info);
            return info;
        }).then();
    }

    @Override
    public Mono<Void> disable(UUID repo) {
        return timed("disable", repo, () -> {
            enabled.remove(repo);
            judge.disabled(observer, repo);
            return repo;
        }).then();
    }

    private <T> Mono<T> work(String what, RepoState state, Supplier<T> effect) {
        return Mono.defer(() -> {
            judge.acts(observer, state, what);
            return timed(what, state.id(), effect);
        });
    }

    /** Takes its time, alone on the repo; then fails, or shows its effect. */
    private <T> Mono<T> timed(String what, UUID repo, Supplier<T> effect) {
        return Mono.defer(() -> {
            if (process.isDead()) {
                return Mono.never();
            }
            Object turn = judge.begins(observer, repo, what);
            running++;
            world.trace.add(observer.name(), what + " " + world.trace.name(repo));
            if (world.faults.chance(250)) {
                process.schedule(observer::crash);
            }
            return Mono.delay(duration(), process)
                    .then(Mono.fromSupplier(() -> {
                        mayFail(what);
                        return effect.get();
                    }))
                    .doFinally(end -> {
                        running--;
                        judge.ends(repo, turn);
                    });
        });
    }

    private Duration duration() {
        return world.faults.happens(Fault.SIDE_EFFECT_SLOW, 25)
                ? world.dice.upTo(SLOW)
                : world.dice.millis(world.dice.oneIn(2) ? 20 : MOST_MILLIS);
    }

    private void mayFail(String what) {
        if (world.faults.happens(Fault.SIDE_EFFECT_FAILED, 12)) {
            throw new IllegalStateException(what + " failed");
        }
        if (world.faults.happens(Fault.SIDE_EFFECT_WEAK, 8)) {
            throw new WeakError(what + " failed weakly");
        }
        if (world.faults.happens(Fault.SIDE_EFFECT_STRONG, 25)) {
            throw new StrongError(what + " failed for good");
        }
    }

    /** The repos that take requests here. */
    Map<UUID, RepoInfo> enabled() {
        return enabled;
    }
}
