package io.repowatch.client;

import io.grpc.Channel;
import io.grpc.Status;
import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

/**
 * The events of a registry over the feed service: two calls for everything, one for changes and one for all reads, however many
 * streams there are. Where a server does not have that service, the same as {@link GrpcEventSource}; which of the two is found
 * out with every connection of the wake-ups. Thread-safe; one subscriber of {@link #wakeups()} at a time. Whoever made the
 * channel shuts it down: the call for reads stays open until then.
 *
 * <p>Elements arrive on the executor of the channel, {@link Wakeup.All} of the compatible services also on the configured timer.
 */
public final class FeedEventSource implements EventSource {
    private static final Logger LOG = LoggerFactory.getLogger(FeedEventSource.class);

    private final Channel channel;
    private final ClientConfig config;
    private final FeedFilter filter;
    private final FeedReads reads;
    private final News news;
    private final GrpcEventSource compatible;
    private volatile Mode mode = Mode.UNKNOWN;

    private enum Mode {
        UNKNOWN,
        FEED,
        COMPATIBLE
    }

    /** A source over {@code channel} that hears of the changes that {@code filter} lets through. */
    public FeedEventSource(Channel channel, ClientConfig config, FeedFilter filter) {
        this.channel = channel;
        this.config = config;
        this.filter = filter;
        this.reads = new FeedReads(channel, config);
        this.news = new News(config.newsBytes());
        this.compatible = new GrpcEventSource(channel, config);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Subscribes to the change feed. Emits {@link Wakeup.All} with its first message, and after a reconnect only if the
     * server cannot go on where the call before was broken off: because the position is too old, or the journal another one or
     * restored from a backup. Otherwise exactly what has changed meanwhile follows. The pause between two calls is that of
     * {@link GrpcEventSource#wakeups}; a call that has no first message {@link ClientConfig#readTimeout} after it was sent is
     * given up. Where the server has no feed, the wake-ups are those of {@link GrpcEventSource} until they break; then the feed
     * is tried again. Never completes and never fails. Cancelling cancels the call at the server.
     */
    @Override
    public Flux<Wakeup> wakeups() {
        return Flux.defer(() -> {
            FeedChanges changes = new FeedChanges(channel, config, filter, news);
            return new Wakeups(channel, config, compatible.polling(), () -> connect(changes))
                    .stream().doFinally(end -> {
                        mode = Mode.UNKNOWN;
                        news.clear();
                    });
        });
    }

    private Flux<Wakeup> connect(FeedChanges changes) {
        return changes.open(() -> mode = Mode.FEED).onErrorResume(RpcFailures::isUnimplemented, error -> {
            if (mode != Mode.COMPATIBLE) {
                LOG.info("the server has no change feed; using its signals and one call for each read");
            }
            mode = Mode.COMPATIBLE;
            changes.forget();
            return compatible.signals();
        });
    }

    /**
     * {@inheritDoc}
     *
     * <p>Reads {@link RegistryKey}, {@link RepoKey}, {@link IndexKey} and {@link WorkflowKey}. All reads share one call and do
     * not wait for each other: of a read whose subscriber is slow, up to eight times {@link ClientConfig#prefetch} events are
     * held here, and the server sends no more. Cancelling closes the read at the server.
     *
     * <p>Errors: as {@link GrpcEventSource#read}. When the shared call breaks, all open reads fail.
     */
    @Override
    public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
        return switch (mode) {
            case FEED -> reads.read(stream, after);
            case COMPATIBLE -> compatible.read(stream, after);
            case UNKNOWN ->
                Flux.defer(() -> mode == Mode.COMPATIBLE
                        ? compatible.read(stream, after)
                        : reads.read(stream, after)
                                .onErrorResume(FeedEventSource::isMissing, error -> compatible.read(stream, after)));
        };
    }

    /**
     * {@inheritDoc}
     *
     * <p>What has come with the wake-ups is not asked for again: of up to {@link ClientConfig#newsBytes}, where the server sends
     * it. Such events arrive on the thread that requests them; if one is malformed, the next call reads.
     */
    @Override
    public <E> Flux<Event<E>> news(StreamKey<E> stream, Vid after) {
        return Flux.defer(() -> {
            List<Event<E>> told = mode == Mode.FEED ? news.takeAfter(stream, after) : null;
            return told == null ? read(stream, after) : Flux.fromIterable(told);
        });
    }

    private static boolean isMissing(Throwable error) {
        return error instanceof TransportException failure && failure.code().equals(Status.Code.UNIMPLEMENTED.name());
    }

    /** True while the server that the wake-ups were last connected to has the feed, also while it is not reachable. */
    @Override
    public boolean lossless() {
        return mode == Mode.FEED;
    }
}
