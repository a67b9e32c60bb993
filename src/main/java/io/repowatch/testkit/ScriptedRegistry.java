package io.repowatch.testkit;

import com.google.protobuf.ByteString;
import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.id.VidSequence;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.RepoState;
import io.repowatch.testkit.Call.Kind;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.RepoEvent;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A registry in memory whose events, signals and failures a test controls. Commands are decided as a registry decides them
 * (registry specification §3.3) and append their event. Thread-safe.
 */
public final class ScriptedRegistry implements EventSource, RegistryCommands {
    private static final int LONGEST_ERROR = 200;

    /** What happens to the signal of an appended event. */
    public enum Signals {
        /** It arrives once. */
        DELIVER,
        /** It arrives twice. */
        DUPLICATE,
        /** It never arrives. */
        LOSE
    }

    private final PortLog log;
    private final VidSequence vids;
    private final Map<StreamKey<?>, List<Event<?>>> streams = new HashMap<>();
    private final Map<StreamKey<?>, ReadFailure> readFailures = new HashMap<>();
    private final Map<Kind, CommandRejectedException> rejections = new HashMap<>();
    private final List<String> storedErrors = new ArrayList<>();
    private Signals signals = Signals.DELIVER;
    private Sinks.@Nullable Many<Wakeup> wakeups;
    private final Map<StreamKey<?>, Integer> reads = new HashMap<>();
    private int openReads;
    private int mostOpenReads;

    private record ReadFailure(int after, int times, Supplier<? extends Throwable> error) {}

    ScriptedRegistry(PortLog log, InstantSource clock) {
        this.log = log;
        this.vids = new VidSequence(clock, new SplittableRandom(1), Vid.EPOCH);
    }

    // The script

    /** Sets what happens to the signals of events that are appended from now on; {@link Signals#DELIVER} at first. */
    public synchronized ScriptedRegistry signals(Signals value) {
        signals = value;
        return this;
    }

    /** Appends an event and signals it; the new version of the stream. */
    public Vid append(Change<?> change) {
        Vid id;
        Signals how;
        synchronized (this) {
            id = store(change.stream(), change.body());
            how = signals;
        }
        int times = how == Signals.LOSE ? 0 : how == Signals.DUPLICATE ? 2 : 1;
        for (int i = 0; i < times; i++) {
            signal(change.stream().entity());
        }
        return id;
    }

    /** Signals an entity, news or not. */
    public void signal(UUID entity) {
        emit(Wakeup.of(entity));
    }

    /** Tells the observer to look at everything, as after a reconnect. */
    public void signalAll() {
        emit(Wakeup.ALL);
    }

    /** The next {@code times} reads of {@code stream} fail after {@code events} events each. */
    public synchronized ScriptedRegistry failReads(
            StreamKey<?> stream, int events, int times, Supplier<? extends Throwable> error) {
        readFailures.put(stream, new ReadFailure(events, times, error));
        return this;
    }

    /** Refuses all such commands with this code and text; only {@link Kind#SET_REPO_ERROR} is a command that is counted. */
    public synchronized ScriptedRegistry reject(Kind command, String code, String text) {
        rejections.put(command, new CommandRejectedException(code, text));
        return this;
    }

    /** A repo's history, folded. */
    public synchronized RepoState state(UUID repo) {
        RepoState state = RepoState.initial(repo);
        for (Event<?> event : stream(new RepoKey(repo))) {
            state = state.after(new Event<>(event.id(), event.parent(), (RepoEvent) event.body()));
        }
        return state;
    }

    /** The texts of all errors that observers wanted to store, refused ones included, oldest first. */
    public synchronized List<String> storedErrors() {
        return List.copyOf(storedErrors);
    }

    /** How often {@code stream} was read, empty and failed reads included. */
    public synchronized int reads(StreamKey<?> stream) {
        return reads.getOrDefault(stream, 0);
    }

    /** How many reads are open. */
    public synchronized int openReads() {
        return openReads;
    }

    /** The greatest number of reads that were open at the same time. */
    public synchronized int mostOpenReads() {
        return mostOpenReads;
    }

    private List<Event<?>> stream(StreamKey<?> key) {
        return streams.computeIfAbsent(key, unused -> new ArrayList<>());
    }

    private Vid store(StreamKey<?> key, Object body) {
        List<Event<?>> stream = stream(key);
        Vid parent =
                stream.isEmpty() ? Vid.EPOCH : stream.get(stream.size() - 1).id();
        Vid id = vids.next();
        stream.add(new Event<>(id, parent, body));
        return id;
    }

    private synchronized void emit(Wakeup wakeup) {
        if (wakeups == null) {
            return;
        }
        Sinks.EmitResult result = wakeups.tryEmitNext(wakeup);
        if (result.isFailure() && result != Sinks.EmitResult.FAIL_CANCELLED) {
            throw new Sinks.EmissionException(result);
        }
    }

    // The source

    @Override
    public Flux<Wakeup> wakeups() {
        return Flux.defer(() -> {
            synchronized (this) {
                wakeups = Sinks.many().unicast().onBackpressureBuffer();
                emit(Wakeup.ALL);
                return wakeups.asFlux();
            }
        });
    }

    @Override
    public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
        return Flux.defer(() -> {
            Flux<Event<E>> events = open(stream, after);
            return events.doFinally(signal -> closed());
        });
    }

    private synchronized <E> Flux<Event<E>> open(StreamKey<E> key, Vid after) {
        openReads++;
        reads.merge(key, 1, Integer::sum);
        mostOpenReads = Math.max(mostOpenReads, openReads);
        List<Event<?>> all = stream(key);
        int from = 0;
        if (!after.isEpoch()) {
            while (from < all.size() && !all.get(from).id().equals(after)) {
                from++;
            }
            if (from == all.size()) {
                return Flux.error(new PositionUnknownException(key, after));
            }
            from++;
        }
        @SuppressWarnings("unchecked") // a stream holds what its key says: only append() writes to it
        List<Event<E>> events = (List<Event<E>>) (List<?>) List.copyOf(all.subList(from, all.size()));
        ReadFailure failure = readFailures.get(key);
        if (failure == null) {
            return Flux.fromIterable(events);
        }
        if (failure.times() == 1) {
            readFailures.remove(key);
        } else {
            readFailures.put(key, new ReadFailure(failure.after(), failure.times() - 1, failure.error()));
        }
        return Flux.fromIterable(events)
                .take(failure.after())
                .concatWith(Flux.error(failure.error().get()));
    }

    private synchronized void closed() {
        openReads--;
    }

    // The commands

    @Override
    public Mono<GetRepoO> getRepo(UUID repo) {
        return Mono.fromSupplier(() -> {
            RepoState state = state(repo);
            if (state.globalPath() == null) {
                throw new CommandRejectedException("NOT_FOUND", "unknown repo");
            }
            return GetRepoO.newBuilder()
                    .setRepo(ByteString.copyFrom(EntityIds.toBytes(repo)))
                    .setVid(ByteString.copyFrom(state.tail().toBytes()))
                    .setRegistry(state.registry())
                    .setGlobalPath(state.globalPath().toString())
                    .setFile(state.fileHost() + ":" + state.hostPath())
                    .setShadow(state.hasShadow() ? state.fileHost() + ":" + state.shadowPath() : "")
                    .setGitlab(state.gitlabHost().isEmpty() ? "" : state.gitlabHost() + ":" + state.gitlabPath())
                    .setGitlabProjectId(state.gitlabProjectId())
                    .setErrorMessage(state.error())
                    .setStorageTier(state.tier())
                    .build();
        });
    }

    @Override
    public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
        return decide(repo, state -> {
            if (state.hasShadow()) {
                return unchanged(state.shadowPath().equals(shadowPath), "init conflict");
            }
            return Events.shadowCreated(shadowPath);
        });
    }

    @Override
    public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
        return decide(repo, state -> {
            if (state.gitlabProjectId() != 0) {
                return unchanged(state.gitlabProjectId() == gitlabProjectId, "init conflict");
            }
            return Events.gitCreated(gitlabProjectId);
        });
    }

    @Override
    public Mono<Vid> setRepoError(UUID repo, String message) {
        return log.record(Kind.SET_REPO_ERROR, repo, () -> decide(repo, state -> errorSet(state, message)));
    }

    private synchronized @Nullable RepoEvent errorSet(RepoState state, String message) {
        storedErrors.add(message);
        CommandRejectedException rejection = rejections.get(Kind.SET_REPO_ERROR);
        if (rejection != null) {
            throw rejection;
        }
        if (message.getBytes(StandardCharsets.UTF_8).length > LONGEST_ERROR) {
            throw new CommandRejectedException("INVALID_ARGUMENT", "error message too long");
        }
        return state.hasError()
                ? unchanged(state.error().equals(message), "command conflict")
                : Events.errorSet(message);
    }

    private static @Nullable RepoEvent unchanged(boolean same, String conflict) {
        if (!same) {
            throw new CommandRejectedException("FAILED_PRECONDITION", conflict);
        }
        return null;
    }

    private interface Decision {
        /** The event to append, null for none. */
        @Nullable
        RepoEvent decide(RepoState state);
    }

    private Mono<Vid> decide(UUID repo, Decision decision) {
        return Mono.fromSupplier(() -> {
            RepoState state = state(repo);
            RepoEvent event = decision.decide(state);
            return event == null ? state.tail() : append(new Change<>(new RepoKey(repo), event));
        });
    }
}
