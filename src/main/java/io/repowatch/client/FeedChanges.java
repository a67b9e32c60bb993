package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.v1.ChangesReply;
import io.repowatch.wire.v1.ChangesRequest;
import io.repowatch.wire.v1.EntityNews;
import io.repowatch.wire.v1.FeedPosition;
import io.repowatch.wire.v1.ReactorFeedGrpc;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The calls of the change feed that one subscriber of the wake-ups makes one after the other: each goes on where the one before
 * was broken off.
 */
final class FeedChanges {
    private static final Logger LOG = LoggerFactory.getLogger(FeedChanges.class);

    private final Channel channel;
    private final ClientConfig config;
    private final ChangesRequest filter;
    private final News news;
    private @Nullable FeedPosition position;

    FeedChanges(Channel channel, ClientConfig config, FeedFilter filter, News news) {
        this.channel = channel;
        this.config = config;
        this.filter =
                filter.request().toBuilder().setEventBytes(config.newsBytes()).build();
        this.news = news;
    }

    /** Something else tells of the changes from now on, so the next call begins anew. */
    void forget() {
        position = null;
        news.clear();
    }

    /**
     * Cold; every subscription is a new call, one at a time. Emits {@link Wakeup.All} first unless it could go on where the
     * last one was. Ends as the call ends; fails with a {@link TimeoutException} where no first message comes in time.
     *
     * @param begun runs when the server has answered
     */
    Flux<Wakeup> open(Runnable begun) {
        return Flux.defer(() -> {
            Confirmation confirmation = new Confirmation();
            ChangesRequest request = position == null
                    ? filter
                    : filter.toBuilder().setAfter(position).build();
            // A channel that has just lost its connection fails calls at once, also while it is about to get a new one.
            Flux<ChangesReply> replies = Prefetch.of(
                            ReactorFeedGrpc.newReactorStub(ClientInterceptors.intercept(channel, confirmation)), config)
                    .withWaitForReady()
                    .changes(request)
                    .doFinally(end -> confirmation.giveUp());
            return replies.timeout(firstMessage(confirmation), reply -> Mono.never())
                    .concatMap(reply -> wakeups(reply, begun), 1);
        });
    }

    /** Ends in error when there is no connection in time; completes when a first message is late. */
    private Mono<Void> firstMessage(Confirmation confirmation) {
        Duration limit = config.connectTimeout();
        return confirmation
                .sent()
                .timeout(limit, config.timer())
                .onErrorMap(
                        TimeoutException.class,
                        error -> new TimeoutException("no connection within " + limit.toMillis() + " ms"))
                .then(Mono.delay(config.readTimeout(), config.timer()).then());
    }

    private Flux<Wakeup> wakeups(ChangesReply reply, Runnable begun) {
        List<Wakeup> wakeups = new ArrayList<>();
        switch (reply.getStart()) {
            case START_UNSPECIFIED -> {}
            case START_RESUMED -> begun.run();
            case START_NOW, START_UNKNOWN_POSITION, START_POSITION_TOO_OLD, UNRECOGNIZED -> {
                if (position != null) {
                    LOG.warn("the change feed cannot go on ({}); looking at everything", reply.getStart());
                }
                news.clear();
                begun.run();
                wakeups.add(Wakeup.ALL);
            }
        }
        int length = reply.getEntities().size();
        if (length % EntityIds.BYTES != 0) {
            return Flux.error(
                    new MalformedDataException("the ids of changed entities have " + length + " bytes in all"));
        }
        Map<UUID, List<ByteString>> brought = brought(reply);
        ByteBuffer ids = reply.getEntities().asReadOnlyByteBuffer();
        while (ids.hasRemaining()) {
            UUID entity = new UUID(ids.getLong(), ids.getLong());
            List<ByteString> events = brought.get(entity);
            if (events == null || events.isEmpty()) {
                news.forget(entity);
            } else {
                news.put(entity, events);
            }
            wakeups.add(Wakeup.of(entity));
        }
        // Only when all are with the engine: what is not would be missed in the next call.
        return Flux.fromIterable(wakeups).doOnComplete(() -> position = reply.getPosition());
    }

    private static Map<UUID, List<ByteString>> brought(ChangesReply reply) {
        Map<UUID, List<ByteString>> brought = new HashMap<>();
        for (EntityNews one : reply.getNewsList()) {
            if (one.getEntity().size() == EntityIds.BYTES) {
                ByteBuffer id = one.getEntity().asReadOnlyByteBuffer();
                brought.put(new UUID(id.getLong(), id.getLong()), one.getEventsList());
            }
        }
        return brought;
    }
}
