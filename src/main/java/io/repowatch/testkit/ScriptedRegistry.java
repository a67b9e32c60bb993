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
import io.repowatch.observer.WorkflowKey;
import io.repowatch.testkit.Call.Kind;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
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
    private final List<String> abortReasons = new ArrayList<>();
    private final Map<UUID, WorkflowKey> workflows = new HashMap<>();
    private boolean atomic = true;
    private Signals signals = Signals.DELIVER;
    private final List<Sinks.Many<Wakeup>> wakeups = new ArrayList<>();
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
        return append(new Change<?>[] {change});
    }

    /** Appends events in one go, in this order, and then signals them; the last new version. */
    public Vid append(Change<?>... changes) {
        Vid last = Vid.EPOCH;
        Signals how;
        synchronized (this) {
            for (Change<?> change : changes) {
                last = store(change.stream(), change.body());
            }
            how = signals;
        }
        int times = how == Signals.LOSE ? 0 : how == Signals.DUPLICATE ? 2 : 1;
        for (int i = 0; i < times; i++) {
            for (Change<?> change : changes) {
                signal(change.stream().entity());
            }
        }
        return last;
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

    /** Refuses all such commands with this code and text; those that have a {@link Kind}. */
    public synchronized ScriptedRegistry reject(Kind command, String code, String text) {
        rejections.put(command, new CommandRejectedException(code, text));
        return this;
    }

    /** Decides such commands again. */
    public synchronized ScriptedRegistry accept(Kind command) {
        rejections.remove(command);
        return this;
    }

    /**
     * Whether a command appends all that follows of it in one go, as our registry does; at first it does. Otherwise it appends
     * its own event only, and the script appends the rest step by step.
     */
    public synchronized ScriptedRegistry atomic(boolean value) {
        atomic = value;
        return this;
    }

    /** The texts with which observers gave up freezes and unfreezes, oldest first. */
    public synchronized List<String> abortReasons() {
        return List.copyOf(abortReasons);
    }

    /** All events of a stream, oldest first. */
    public synchronized <E> List<E> events(StreamKey<E> key) {
        @SuppressWarnings("unchecked") // a stream holds what its key says: only append() writes to it
        List<E> bodies = (List<E>) stream(key).stream().map(Event::body).toList();
        return bodies;
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
        if (key instanceof WorkflowKey workflow) {
            workflows.put(workflow.workflow(), workflow);
        }
        return id;
    }

    private synchronized void emit(Wakeup wakeup) {
        List.copyOf(wakeups).forEach(observer -> emit(observer, wakeup));
    }

    private void emit(Sinks.Many<Wakeup> observer, Wakeup wakeup) {
        Sinks.EmitResult result = observer.tryEmitNext(wakeup);
        if (result == Sinks.EmitResult.FAIL_CANCELLED) {
            wakeups.remove(observer);
        } else if (result.isFailure()) {
            throw new Sinks.EmissionException(result);
        }
    }

    // The source

    @Override
    public Flux<Wakeup> wakeups() {
        return Flux.defer(() -> {
            synchronized (this) {
                Sinks.Many<Wakeup> observer = Sinks.many().unicast().onBackpressureBuffer();
                wakeups.add(observer);
                emit(observer, Wakeup.ALL);
                return observer.asFlux();
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
            // From the end: there are few new events, however long the stream is.
            from = all.size();
            while (from > 0 && !all.get(from - 1).id().equals(after)) {
                from--;
            }
            if (from == 0) {
                return Flux.error(new PositionUnknownException(key, after));
            }
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

    @Override
    public Mono<Vid> postMoveRepoStaReleased(UUID repo, UUID workflow) {
        return command(Kind.POST_RELEASED, repo, workflow, (desk, key) -> desk.released(key, stream(key)));
    }

    @Override
    public Mono<Vid> commitMoveRepo(UUID repo, UUID workflow, String newShadowPath) {
        return command(
                Kind.COMMIT_MOVE,
                repo,
                workflow,
                (desk, key) ->
                        desk.commitMove(key, stream(key), repo, state(repo).registry(), newShadowPath));
    }

    @Override
    public Mono<Vid> postMoveShadowStaDisabled(UUID repo, UUID workflow) {
        return command(Kind.POST_DISABLED, repo, workflow, (desk, key) -> desk.disabled(key, stream(key)));
    }

    @Override
    public Mono<Vid> commitFreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return endFiles(Kind.COMMIT_FREEZE, true, workflow, workflowVid, 0, "");
    }

    @Override
    public Mono<Vid> abortFreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return endFiles(Kind.ABORT_FREEZE, true, workflow, workflowVid, code, message);
    }

    @Override
    public Mono<Vid> commitUnfreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return endFiles(Kind.COMMIT_UNFREEZE, false, workflow, workflowVid, 0, "");
    }

    @Override
    public Mono<Vid> abortUnfreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return endFiles(Kind.ABORT_UNFREEZE, false, workflow, workflowVid, code, message);
    }

    private Mono<Vid> endFiles(Kind kind, boolean freeze, UUID workflow, Vid version, int code, String message) {
        return Mono.defer(() -> {
            ScriptedFreeze script = freezeOf(workflow, freeze);
            return command(kind, script.repo().id(), workflow, (desk, key) -> {
                if (!version.equals(tail(key))) {
                    throw new CommandRejectedException("ABORTED", "version conflict");
                }
                if (code != 0) {
                    abortReasons.add(message);
                }
                return desk.endFiles(script, stream(key), code, message);
            });
        });
    }

    private synchronized ScriptedFreeze freezeOf(UUID workflow, boolean freeze) {
        WorkflowEvent started =
                (WorkflowEvent) stream(workflow(workflow)).get(0).body();
        UUID repo = EntityIds.of(started.getRepoId().toByteArray());
        RepoState state = state(repo);
        String path = started.getFsoRepoInitInfo().getGlobalPath();
        return new ScriptedFreeze(new ScriptedRepo(repo, state.registry(), path, state.fileHost()), workflow, freeze);
    }

    @Override
    public Mono<Vid> serverPing(UUID workflow, int code, String message) {
        return command(Kind.SERVER_PING, workflow, workflow, (desk, key) -> desk.ping(key, stream(key), code, message));
    }

    private interface WorkflowDecision {
        List<Change<?>> decide(WorkflowDesk desk, WorkflowKey key);
    }

    private Mono<Vid> command(Kind kind, UUID about, UUID workflow, WorkflowDecision decision) {
        return log.record(kind, about, () -> Mono.fromSupplier(() -> decide(kind, workflow, decision)));
    }

    private Vid decide(Kind kind, UUID workflow, WorkflowDecision decision) {
        WorkflowKey key;
        Change<?>[] changes;
        synchronized (this) {
            CommandRejectedException rejection = rejections.get(kind);
            if (rejection != null) {
                throw rejection;
            }
            key = workflow(workflow);
            changes = decision.decide(new WorkflowDesk(atomic), key).toArray(new Change<?>[0]);
        }
        if (changes.length > 0) {
            append(changes);
        }
        return tail(key);
    }

    private WorkflowKey workflow(UUID workflow) {
        WorkflowKey key = workflows.get(workflow);
        if (key == null) {
            throw new CommandRejectedException("NOT_FOUND", "unknown workflow");
        }
        return key;
    }

    private synchronized Vid tail(StreamKey<?> key) {
        List<Event<?>> stream = stream(key);
        return stream.isEmpty() ? Vid.EPOCH : stream.get(stream.size() - 1).id();
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
