package io.repowatch.client;

import io.grpc.Channel;
import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The events of a registry over gRPC. Works with any server of the wire contract. Thread-safe, and free of any resource while
 * nobody subscribes; whoever made the channel shuts it down.
 *
 * <p>Elements arrive on the executor of the channel, {@link Wakeup.All} also on the configured timer.
 */
public final class GrpcEventSource implements EventSource {
    private final EventReads reads;
    private final Wakeups wakeups;
    private final Polling polling;

    /** A source over {@code channel}. */
    public GrpcEventSource(Channel channel, ClientConfig config) {
        this(channel, config, Wakeups::new);
    }

    GrpcEventSource(Channel channel, ClientConfig config, Wakeups.Maker maker) {
        this.reads = new EventReads(channel, config);
        this.polling = new Polling(config);
        this.wakeups = maker.make(channel, config, polling);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Subscribes to the server's signals. Emits {@link Wakeup.All}
     *
     * <ul>
     *   <li>when the server confirms the subscription by response headers or a first message;
     *   <li>when it has not done so within {@link ClientConfig#confirmTimeout}, which is usual, and once more if it does later;
     *   <li>for every new subscription after the stream has ended or failed. The pause before it doubles from
     *       {@link ClientConfig#firstBackoff} to {@link ClientConfig#maxBackoff}, less up to one half at random; a
     *       subscription that lasted {@link ClientConfig#maxBackoff} makes it start from the first pause again;
     *   <li>where the server has no signals: at once, and every {@link ClientConfig#pollInterval} after the pass before. A pass
     *       is over when no stream has been read for the first time in it for one interval. After
     *       {@link ClientConfig#maxBackoff} the signals are tried again.
     * </ul>
     *
     * <p>A signal whose entity id is malformed is skipped with a warning. Never completes and never fails. Cancelling
     * cancels the call at the server.
     */
    @Override
    public Flux<Wakeup> wakeups() {
        return wakeups.stream();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Reads {@link RegistryKey}, {@link RepoKey}, {@link IndexKey} and {@link WorkflowKey}, without watching. Completes at
     * the end of the server's stream or at the first message that says it would block. Messages may hold any number of
     * events, also of unknown types. Cancelling cancels the call at the server.
     *
     * <p>Errors: {@link io.repowatch.engine.PositionUnknownException}; {@link MalformedDataException} for an event without a
     * proper id; {@link TransportException} where the server does not answer, or nothing for
     * {@link ClientConfig#readTimeout} although more was asked for; {@link IllegalArgumentException} for another kind of key.
     */
    @Override
    public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
        return Flux.defer(() -> {
                    polling.reading(stream);
                    return open(stream, after);
                })
                .onErrorResume(error -> failed(stream, after, error));
    }

    // Each branch reads events of the type that its key declares.
    @SuppressWarnings("unchecked")
    private <E> Flux<Event<E>> open(StreamKey<E> stream, Vid after) {
        Flux<?> events;
        if (stream instanceof RepoKey key) {
            events = reads.repo(key, after);
        } else if (stream instanceof RegistryKey key) {
            events = reads.registry(key, after);
        } else if (stream instanceof IndexKey key) {
            events = reads.index(key, after);
        } else if (stream instanceof WorkflowKey key) {
            events = reads.workflow(key, after);
        } else {
            throw new IllegalArgumentException("no call reads streams of this kind: " + stream);
        }
        return (Flux<Event<E>>) events;
    }

    private static <E> Mono<Event<E>> failed(StreamKey<E> stream, Vid after, Throwable error) {
        if (error instanceof IllegalArgumentException) {
            return Mono.error(error);
        }
        return RpcFailures.isUnknownStream(error) ? Mono.empty() : Mono.error(RpcFailures.ofRead(stream, after, error));
    }
}
