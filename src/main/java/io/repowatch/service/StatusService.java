package io.repowatch.service;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.EntityIds;
import io.repowatch.observer.Observer;
import io.repowatch.observer.RepoStatus.State;
import io.repowatch.observer.WaitReason;
import io.repowatch.observer.WorkflowStatus;
import io.repowatch.wire.v1.GetStatusReply;
import io.repowatch.wire.v1.GetStatusRequest;
import io.repowatch.wire.v1.PartCount;
import io.repowatch.wire.v1.ReactorObserverStatusGrpc;
import io.repowatch.wire.v1.RepoStatus;
import io.repowatch.wire.v1.StateCount;
import io.repowatch.wire.v1.WaitStep;
import io.repowatch.wire.v1.WhyReply;
import io.repowatch.wire.v1.WhyRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
        return authorized(() -> status(request));
    }

    private <T> Mono<T> authorized(Supplier<Mono<T>> answer) {
        try {
            authorize.run();
        } catch (AccessDeniedException e) {
            return Mono.error(Status.PERMISSION_DENIED
                    .withDescription("default deny")
                    .withCause(e)
                    .asRuntimeException());
        }
        return answer.get();
    }

    private Mono<GetStatusReply> status(GetStatusRequest request) {
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
        observer.workflows().stream()
                .collect(Collectors.groupingBy(WorkflowStatus::part, TreeMap::new, Collectors.counting()))
                .forEach((part, count) -> reply.addParts(
                        PartCount.newBuilder().setPart(part.toString()).setCount(count)));
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
        Map<UUID, List<WorkflowStatus>> waits = observer.workflows().stream()
                .filter(workflow -> workflow.repo() != null)
                .collect(Collectors.groupingBy(WorkflowStatus::repo));
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
                                .map(path -> message(entry.getKey(), path, entry.getValue(), waits)),
                        PATH_LOOKUPS)
                .collectList()
                .map(repos -> reply.addAllRepos(repos)
                        .setTruncated(found.size() > limit)
                        .build());
    }

    private static RepoStatus message(
            UUID repo,
            String path,
            io.repowatch.observer.RepoStatus status,
            Map<UUID, List<WorkflowStatus>> workflows) {
        String waits = workflows.getOrDefault(repo, List.of()).stream()
                .map(workflow -> "; " + workflow.part() + ": "
                        + workflow.why().lines().findFirst().orElse(""))
                .collect(Collectors.joining());
        RepoStatus.Builder message = RepoStatus.newBuilder()
                .setRepo(WireText.bytes(repo))
                .setGlobalPath(path)
                .setState(status.state().toString())
                .setSinceMs(status.since().toEpochMilli())
                .setWhy(status.why() + waits);
        if (status.nextRetry() != null) {
            message.setNextRetryMs(status.nextRetry().toEpochMilli());
        }
        if (status.lastError() != null) {
            message.setLastError(status.lastError());
        }
        return message.build();
    }

    @Override
    public Mono<WhyReply> why(WhyRequest request) {
        return authorized(() -> {
            UUID repo = repo(request.getRepo());
            List<WaitReason> reasons = observer.why(repo);
            if (reasons.isEmpty()) {
                return Mono.error(Status.NOT_FOUND
                        .withDescription("repo " + repo + " is not followed here")
                        .asRuntimeException());
            }
            io.repowatch.observer.RepoStatus status = observer.state(repo);
            WhyReply.Builder reply = WhyReply.newBuilder()
                    .setRepo(request.getRepo())
                    .setState(status == null ? "" : status.state().toString());
            reasons.forEach(reason -> reply.addSteps(step(reason)));
            return paths.apply(repo)
                    .defaultIfEmpty("")
                    .map(path -> reply.setGlobalPath(path).build());
        });
    }

    private static UUID repo(ByteString bytes) {
        if (bytes.size() != EntityIds.BYTES) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("a repo id has " + EntityIds.BYTES + " bytes, not " + bytes.size())
                    .asRuntimeException();
        }
        return WireText.id(bytes);
    }

    private static WaitStep step(WaitReason reason) {
        WaitStep.Builder step = WaitStep.newBuilder()
                .setKind(reason.kind().name().toLowerCase(Locale.ROOT))
                .setWhy(reason.why())
                .setSinceMs(millis(reason.since()))
                .setNextRetryMs(millis(reason.nextRetry()));
        if (reason.workflow() != null) {
            step.setWorkflow(WireText.bytes(reason.workflow()));
        }
        if (reason.part() != null) {
            step.setPart(reason.part().toString());
        }
        if (reason.lastError() != null) {
            step.setLastError(reason.lastError());
        }
        return step.build();
    }

    private static long millis(@Nullable Instant time) {
        return time == null ? 0 : time.toEpochMilli();
    }
}
