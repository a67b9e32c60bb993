package io.repowatch.testkit;

import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoInfo;
import io.repowatch.testkit.Call.Kind;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Records the calls of a processor and keeps the table of enabled repos. */
final class RecordingProcessor implements Processor {
    private final PortLog log;
    private final @Nullable Processor target;
    private final Map<UUID, RepoInfo> enabled = new ConcurrentHashMap<>();

    RecordingProcessor(PortLog log, @Nullable Processor target) {
        this.log = log;
        this.target = target;
    }

    Map<UUID, RepoInfo> enabled() {
        return Map.copyOf(enabled);
    }

    @Override
    public Mono<Void> enable(RepoInfo info) {
        return log.record(Kind.ENABLE, info.id(), () -> target == null ? Mono.<Void>empty() : target.enable(info))
                .doOnSuccess(nothing -> enabled.put(info.id(), info));
    }

    @Override
    public Mono<Void> disable(UUID repo) {
        return log.record(Kind.DISABLE, repo, () -> target == null ? Mono.<Void>empty() : target.disable(repo))
                .doOnSuccess(nothing -> enabled.remove(repo));
    }
}
