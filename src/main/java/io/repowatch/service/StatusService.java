package io.repowatch.service;

import io.grpc.Status;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.observer.Observer;
import io.repowatch.observer.RepoStatus.State;
import io.repowatch.wire.v1.GetStatusReply;
import io.repowatch.wire.v1.GetStatusRequest;
import io.repowatch.wire.v1.ReactorObserverStatusGrpc;
import io.repowatch.wire.v1.RepoStatus;
import io.repowatch.wire.v1.StateCount;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tells operators what the observer is doing. */
final class StatusService extends ReactorObserverStatusGrpc.ObserverStatusImplBase {
    private static final int DEFAULT_LIMIT = 100;
    private static final int PATH_LOOKUPS = 8;

    private final Observer observer;
    private final Function<UUID, Mono<String>> paths;
    private final Runnable authorize;

    /**
     * @param paths the global path of a repo
     * @param authorize throws if the caller may not see the status
     */
    StatusService(Observer observer, Function<UUID, Mono<String>> paths, Runnable authorize) {
        this.observer = observer;
        this.paths = paths;
        this.authorize = authorize;
    }

    @Override
    public Mono<GetStatusReply> getStatus(GetStatusRequest request) {
        try {
            authorize.run();
        } catch (AccessDeniedException e) {
            return Mono.error(Status.PERMISSION_DENIED
                    .withDescription("default deny")
                    .withCause(e)
                    .asRuntimeException());
        }
        GetStatusReply.Builder reply = GetStatusReply.newBuilder();
        Map<State, Long> counts = observer.counts();
        long total = 0;
        for (State state : State.values()) {
            long count = counts.getOrDefault(state, 0L);
            total += count;
            if (count > 0) {
                reply.addCounts(
                        StateCount.newBuilder().setState(state.toString()).setCount(count));
            }
        }
        reply.setTotal(total);
        if (request.getState().isEmpty()) {
            return Mono.just(reply.build());
        }
        return repos(reply, state(request.getState()), request.getLimit() > 0 ? request.getLimit() : DEFAULT_LIMIT);
    }

    private static State state(String name) {
        return Arrays.stream(State.values())
                .filter(state -> state.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> Status.INVALID_ARGUMENT
                        .withDescription("\"" + name + "\" is not a state; the states are "
                                + String.join(
                                        ", ",
                                        Arrays.stream(State.values())
                                                .map(State::toString)
                                                .toList()))
                        .asRuntimeException());
    }

    private Mono<GetStatusReply> repos(GetStatusReply.Builder reply, State state, int limit) {
        List<Map.Entry<UUID, io.repowatch.observer.RepoStatus>> found = observer.states().entrySet().stream()
                .filter(entry -> entry.getValue().state() == state)
                .sorted(Comparator.comparing(entry -> entry.getValue().since()))
                .limit(limit + 1L)
                .toList();
        return Flux.fromIterable(found)
                .take(limit)
                .flatMapSequential(
                        entry -> paths.apply(entry.getKey())
                                .defaultIfEmpty("")
                                .map(path -> message(entry.getKey(), path, entry.getValue())),
                        PATH_LOOKUPS)
                .collectList()
                .map(repos -> reply.addAllRepos(repos)
                        .setTruncated(found.size() > limit)
                        .build());
    }

    private static RepoStatus message(UUID repo, String path, io.repowatch.observer.RepoStatus status) {
        RepoStatus.Builder message = RepoStatus.newBuilder()
                .setRepo(WireText.bytes(repo))
                .setGlobalPath(path)
                .setState(status.state().toString())
                .setSinceMs(status.since().toEpochMilli())
                .setWhy(status.why());
        if (status.nextRetry() != null) {
            message.setNextRetryMs(status.nextRetry().toEpochMilli());
        }
        if (status.lastError() != null) {
            message.setLastError(status.lastError());
        }
        return message.build();
    }
}
