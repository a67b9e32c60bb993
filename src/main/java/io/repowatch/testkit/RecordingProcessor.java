package io.repowatch.testkit;

import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoGoneException;
import io.repowatch.observer.RepoInfo;
import io.repowatch.testkit.Call.Kind;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Records the calls of a processor and keeps the table of enabled repos. */
final class RecordingProcessor implements Processor {
    private final PortLog log;
    private final @Nullable Processor target;
    private final Map<UUID, RepoInfo> enabled = new ConcurrentHashMap<>();
    private final Map<UUID, Sinks.Empty<Void>> waiting = new ConcurrentHashMap<>();
    private final Set<UUID> gone = ConcurrentHashMap.newKeySet();

    /** As on a disk: it outlives the processor. */
    private final Set<UUID> frozen;

    RecordingProcessor(PortLog log, @Nullable Processor target, Set<UUID> frozen) {
        this.log = log;
        this.target = target;
        this.frozen = frozen;
    }

    Map<UUID, RepoInfo> enabled() {
        return Map.copyOf(enabled);
    }

    Set<UUID> left() {
        return Set.copyOf(gone);
    }

    @Override
    public Mono<Void> enable(RepoInfo info) {
        return log.record(Kind.ENABLE, info.id(), () -> target == null ? Mono.<Void>empty() : target.enable(info))
                .doOnSuccess(nothing -> isEnabled(info));
    }

    private void isEnabled(RepoInfo info) {
        enabled.put(info.id(), info);
        gone.remove(info.id());
        Sinks.Empty<Void> waits = waiting.remove(info.id());
        if (waits != null) {
            check(waits.tryEmitEmpty());
        }
    }

    private static void check(Sinks.EmitResult result) {
        if (result.isFailure()) {
            throw new Sinks.EmissionException(result);
        }
    }

    @Override
    public Mono<Void> enabled(UUID repo) {
        return Mono.defer(() -> {
            if (target != null) {
                return target.enabled(repo);
            }
            if (gone.contains(repo)) {
                return Mono.error(new RepoGoneException(repo));
            }
            return enabled.containsKey(repo)
                    ? Mono.empty()
                    : waiting.computeIfAbsent(repo, key -> Sinks.empty()).asMono();
        });
    }

    @Override
    public Mono<Void> gone(UUID repo) {
        return (target == null ? Mono.<Void>empty() : target.gone(repo)).doOnSuccess(nothing -> {
            gone.add(repo);
            Sinks.Empty<Void> waits = waiting.remove(repo);
            if (waits != null) {
                check(waits.tryEmitError(new RepoGoneException(repo)));
            }
        });
    }

    @Override
    public Mono<Void> freeze(FreezeRequest request) {
        return log.record(
                        Kind.FREEZE, request.repo(), () -> target == null ? Mono.<Void>empty() : target.freeze(request))
                .doOnSubscribe(begun -> frozen.add(request.repo()));
    }

    @Override
    public Mono<Void> unfreeze(FreezeRequest request) {
        return log.record(
                        Kind.UNFREEZE,
                        request.repo(),
                        () -> target == null ? Mono.<Void>empty() : target.unfreeze(request))
                .doOnSuccess(nothing -> frozen.remove(request.repo()));
    }

    @Override
    public Mono<Void> undoFreeze(FreezeRequest request) {
        return log.record(
                        Kind.UNDO_FREEZE,
                        request.repo(),
                        () -> target == null ? Mono.<Void>empty() : target.undoFreeze(request))
                .doOnSuccess(nothing -> frozen.remove(request.repo()));
    }

    @Override
    public Mono<Void> disable(UUID repo) {
        return log.record(Kind.DISABLE, repo, () -> target == null ? Mono.<Void>empty() : target.disable(repo))
                .doOnSuccess(nothing -> enabled.remove(repo));
    }
}
