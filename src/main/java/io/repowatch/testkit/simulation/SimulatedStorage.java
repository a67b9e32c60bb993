package io.repowatch.testkit.simulation;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoGoneException;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoMove;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StoredError;
import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

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
    private final Map<UUID, List<MonoSink<Void>>> waiting = new HashMap<>();
    private final Set<UUID> gone = new HashSet<>();
    private final Map<UUID, UUID> frozenHere = new HashMap<>();
    private final Map<UUID, UUID> owed = new HashMap<>();
    private final WeakCounts weak = new WeakCounts();
    private final RepoTurns turns;
    private int running;

    SimulatedStorage(World world, ObserverProcess observer, ProcessScheduler process, RegistryCommands commands) {
        this.world = world;
        this.observer = observer;
        this.host = observer.host();
        this.process = process;
        this.commands = commands;
        this.judge = world.judge;
        this.turns = new RepoTurns(process);
    }

    /** The process is dead: nobody holds what it held. */
    void died() {
        judge.released(observer);
    }

    /** How many weak failures of an operation there have been since its last success. */
    int weakFailures(UUID repo, String what) {
        return weak.count(repo, what);
    }

    boolean isBusy() {
        return running > 0;
    }

    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        return Mono.defer(() -> {
                    judge.acts(observer, state, "get-repo");
                    return Mono.justOrEmpty(RepoInfo.of(state)).switchIfEmpty(Mono.defer(() -> ask(state.id())));
                })
                .doOnError(WeakError.class, error -> weak.failed(state.id(), "enable"));
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
                answer.getGitlab().isEmpty() ? null : answer.getGitlab(),
                answer.getStorageTier());
    }

    @Override
    public Mono<Void> initRepo(RepoState state) {
        return weak.counted(
                        state.id(),
                        "init",
                        work("init", state, () -> {
                                    if (state.hasError()) {
                                        throw new StoredError(state.error());
                                    }
                                    judge.inits(observer, state);
                                    String path = StorageHost.shadowPath(state.hostPath(), state.id());
                                    StorageHost.Shadow there =
                                            host.shadows.putIfAbsent(path, new StorageHost.Shadow(state.id()));
                                    world.trace.add(
                                            observer.name(),
                                            there == null ? "makes shadow " + path : "finds shadow " + path);
                                    return path;
                                })
                                .flatMap(path -> commands.confirmShadow(state.id(), path))
                                .onErrorMap(
                                        CommandRejectedException.class, e -> new WeakError("the registry refused", e)))
                .then();
    }

    @Override
    public Mono<Void> enableGitlab(RepoState state) {
        return weak.counted(
                        state.id(),
                        "gitlab",
                        work("gitlab", state, () -> {
                                    judge.makesProject(observer, state);
                                    return host.project(state.id());
                                })
                                .flatMap(project -> commands.confirmGit(state.id(), project))
                                .onErrorMap(
                                        CommandRejectedException.class, e -> new WeakError("the registry refused", e)))
                .then();
    }

    @Override
    public Mono<Void> enable(RepoInfo info) {
        return weak.counted(info.id(), "enable", timed("enable", info.id(), () -> {
                    judge.enables(observer, info);
                    undoLeftFreeze(info);
                    enabled.put(info.id(), info);
                    gone.remove(info.id());
                    tell(info.id(), MonoSink::success);
                    return info;
                }))
                .then();
    }

    /**
     * A freeze that is not in force, as after an abort that this host did not see, leaves nothing frozen. Only a freeze of an
     * earlier process is looked at: what the info says may be older than a freeze of this one. And what was to be undone before.
     */
    private void undoLeftFreeze(RepoInfo info) {
        boolean over = info.tier() == StorageTierCode.ST_ONLINE || info.tier() == StorageTierCode.ST_FREEZE_FAILED;
        UUID left = host.freezes.get(info.id());
        if (left != null && (over && !left.equals(frozenHere.get(info.id())) || left.equals(owed.get(info.id())))) {
            giveBack(info.id(), info.hostPath());
        }
        owed.remove(info.id());
    }

    private void giveBack(UUID repo, String hostPath) {
        StorageHost.Data data = host.data.get(hostPath);
        if (data != null && data.repo.equals(repo) && host.freezes.remove(repo) != null) {
            world.trace.add(observer.name(), "gives back what is left of a freeze of " + world.trace.name(repo));
            data.frozen = false;
        }
    }

    private void tell(UUID repo, Consumer<MonoSink<Void>> outcome) {
        List<MonoSink<Void>> sinks = waiting.remove(repo);
        if (sinks != null) {
            sinks.forEach(sink -> process.schedule(() -> outcome.accept(sink)));
        }
    }

    @Override
    public Mono<Void> enabled(UUID repo) {
        return Mono.create(sink -> {
            if (enabled.containsKey(repo)) {
                sink.success();
            } else if (gone.contains(repo)) {
                sink.error(new RepoGoneException(repo));
            } else {
                waiting.computeIfAbsent(repo, id -> new ArrayList<>()).add(sink);
            }
        });
    }

    @Override
    public Mono<Void> gone(UUID repo) {
        return Mono.fromRunnable(() -> {
            world.trace.add(observer.name(), "has lost " + world.trace.name(repo));
            gone.add(repo);
            owed.remove(repo);
            tell(repo, sink -> sink.error(new RepoGoneException(repo)));
        });
    }

    @Override
    public Mono<Void> freeze(FreezeRequest request) {
        return locked("freeze", request, data -> {
            host.freezes.put(request.repo(), request.workflow());
            frozenHere.put(request.repo(), request.workflow());
            data.frozen = true;
        });
    }

    @Override
    public Mono<Void> unfreeze(FreezeRequest request) {
        return locked("unfreeze", request, data -> {
            host.freezes.remove(request.repo());
            data.frozen = false;
        });
    }

    private Mono<Void> locked(String what, FreezeRequest request, Consumer<StorageHost.Data> effect) {
        return turns.inTurn(request.repo(), slow(what, request.repo(), () -> {
                    RepoInfo info = enabled.get(request.repo());
                    StorageHost.Data data = info == null ? null : host.data.get(info.hostPath());
                    if (data == null) {
                        throw new IllegalStateException("the repo is not enabled");
                    }
                    judge.freezes(observer, request, what);
                    effect.accept(data);
                    return what;
                }))
                .then();
    }

    @Override
    public Mono<Void> undoFreeze(FreezeRequest request) {
        frozenHere.remove(request.repo(), request.workflow());
        owed.put(request.repo(), request.workflow());
        return turns.inTurn(request.repo(), slow("undo-freeze", request.repo(), () -> {
                    // Of a repo that is not enabled it is not known where it is.
                    RepoInfo info = enabled.get(request.repo());
                    if (info != null) {
                        if (request.workflow().equals(host.freezes.get(request.repo()))) {
                            giveBack(request.repo(), info.hostPath());
                        }
                        owed.remove(request.repo(), request.workflow());
                    }
                    return request;
                }))
                .then();
    }

    @Override
    public Mono<String> moveRepo(RepoMove move) {
        String newShadow = StorageHost.shadowPath(move.newHostPath(), move.repo());
        return Mono.defer(() -> {
            Object turn = judge.begins(observer, move.repo(), "move");
            return slow("move", move.repo(), () -> {
                        judge.moves(observer, move);
                        bring(host.data, move.oldHostPath(), move.newHostPath(), move.repo());
                        return move;
                    })
                    .then(slow("move shadow of", move.repo(), () -> {
                        judge.moves(observer, move);
                        bring(host.shadows, move.oldShadowPath(), newShadow, move.repo());
                        return newShadow;
                    }))
                    .doFinally(end -> judge.ends(move.repo(), turn));
        });
    }

    private static <T> @Nullable T owned(@Nullable T directory, UUID repo) {
        return directory instanceof StorageHost.Data data && !data.repo.equals(repo)
                        || directory instanceof StorageHost.Shadow shadow && !shadow.repo.equals(repo)
                ? null
                : directory;
    }

    /** Renames, or finds renamed. */
    private <T> void bring(Map<String, T> directories, String from, String to, UUID repo) {
        T there = directories.get(to);
        // Somebody else may have come to where the repo was before an interrupted move.
        T here = owned(directories.get(from), repo);
        if (!from.equals(to) && here != null) {
            if (there != null) {
                world.trace.violation("nobody's data is overwritten", observer + " moves " + from + " over " + to);
            }
            directories.put(to, here);
            directories.remove(from);
        } else if (owned(there, repo) == null) {
            world.trace.violation("data is where the registry says", observer + " finds nothing at " + from);
        }
    }

    @Override
    public Mono<Void> disable(UUID repo) {
        return timed("disable", repo, () -> {
                    enabled.remove(repo);
                    judge.disabled(observer, repo);
                    return repo;
                })
                .then();
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
            return turns.inTurn(repo, slow(what, repo, effect)).doFinally(end -> judge.ends(repo, turn));
        });
    }

    /** Takes its time, then fails, or shows its effect. */
    private <T> Mono<T> slow(String what, UUID repo, Supplier<T> effect) {
        return Mono.defer(() -> {
            if (process.isDead()) {
                return Mono.never();
            }
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
                    .doFinally(end -> running--);
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
