package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.v1.ChangesReply;
import io.repowatch.wire.v1.ChangesRequest;
import io.repowatch.wire.v1.EntityNews;
import io.repowatch.wire.v1.FeedGrpc;
import io.repowatch.wire.v1.FeedPosition;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadPart;
import io.repowatch.wire.v1.ReadReply;
import io.repowatch.wire.v1.ReadRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of the feed on a real socket that answers nothing by itself. */
final class ScriptedFeed implements AutoCloseable {
    static final long PATIENCE_SECONDS = 30;

    final BlockingQueue<Changes> changes = new LinkedBlockingQueue<>();
    final BlockingQueue<Reads> reads = new LinkedBlockingQueue<>();
    private final Server server;
    private final ManagedChannel channel;

    ScriptedFeed(BindableService... others) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Service());
        List.of(others).forEach(builder::addService);
        server = builder.build().start();
        channel = Channels.plaintext(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
    }

    ManagedChannel channel() {
        return channel;
    }

    static <T> T next(BlockingQueue<T> queue) {
        try {
            T value = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (value == null) {
                throw new AssertionError("nothing came");
            }
            return value;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow();
        if (!server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the server does not end");
        }
    }

    static FeedPosition position(long append) {
        return FeedPosition.newBuilder()
                .setAppend(append)
                .setEvent(ByteString.copyFrom(new Vid(3, append).toBytes()))
                .build();
    }

    static ByteString event(long number) {
        return RepoEvent.newBuilder()
                .setId(ByteString.copyFrom(new Vid(1, number).toBytes()))
                .setParent(ByteString.copyFrom(new Vid(1, number - 1).toBytes()))
                .setEvent(RepoEvent.Type.EV_FSO_REPO_INIT_STARTED)
                .build()
                .toByteString();
    }

    /** One call of the change feed. */
    static final class Changes {
        final ChangesRequest request;
        private final StreamObserver<ChangesReply> client;
        final CountDownLatch cancelled = new CountDownLatch(1);

        Changes(ChangesRequest request, StreamObserver<ChangesReply> client) {
            this.request = request;
            this.client = client;
            ((ServerCallStreamObserver<ChangesReply>) client).setOnCancelHandler(cancelled::countDown);
        }

        Changes begin(ChangesReply.Start how, long append) {
            client.onNext(ChangesReply.newBuilder()
                    .setStart(how)
                    .setPosition(position(append))
                    .build());
            return this;
        }

        Changes changed(long append, UUID... entities) {
            ByteString ids = ByteString.EMPTY;
            for (UUID entity : entities) {
                ids = ids.concat(ByteString.copyFrom(EntityIds.toBytes(entity)));
            }
            client.onNext(ChangesReply.newBuilder()
                    .setPosition(position(append))
                    .setEntities(ids)
                    .build());
            return this;
        }

        /** A change that brings its events along. */
        Changes brought(long append, UUID entity, long... events) {
            EntityNews.Builder news = EntityNews.newBuilder().setEntity(ByteString.copyFrom(EntityIds.toBytes(entity)));
            for (long event : events) {
                news.addEvents(event(event));
            }
            client.onNext(ChangesReply.newBuilder()
                    .setPosition(position(append))
                    .setEntities(news.getEntity())
                    .addNews(news)
                    .build());
            return this;
        }

        void fail(Status status) {
            client.onError(status.asRuntimeException());
        }
    }

    /** One call of reads. */
    static final class Reads implements StreamObserver<ReadRequest> {
        final BlockingQueue<ReadOpen> opened = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> credits = new LinkedBlockingQueue<>();
        final BlockingQueue<Long> cancels = new LinkedBlockingQueue<>();
        private final StreamObserver<ReadReply> client;

        Reads(StreamObserver<ReadReply> client) {
            this.client = client;
            // Cancelled calls are normal here; without a handler the next message would throw.
            ((ServerCallStreamObserver<ReadReply>) client).setOnCancelHandler(() -> {});
        }

        void send(ReadPart.Builder... parts) {
            ReadReply.Builder reply = ReadReply.newBuilder();
            for (ReadPart.Builder part : parts) {
                reply.addParts(part);
            }
            client.onNext(reply.build());
        }

        void fail(Status status) {
            client.onError(status.asRuntimeException());
        }

        @Override
        public void onNext(ReadRequest request) {
            opened.addAll(request.getOpenList());
            request.getCreditList().forEach(credit -> credits.add(credit.getEvents()));
            cancels.addAll(request.getCancelList());
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }

    static ReadPart.Builder part(ReadOpen read, long... events) {
        ReadPart.Builder part = ReadPart.newBuilder().setRead(read.getRead());
        for (long event : events) {
            part.addEvents(event(event));
        }
        return part;
    }

    static ReadPart.Builder last(ReadOpen read, long... events) {
        return part(read, events).setEnd(ReadPart.End.END_CAUGHT_UP);
    }

    static ReadPart.Builder failed(ReadOpen read, Status.Code code, String text) {
        return part(read).setEnd(ReadPart.End.END_FAILED).setCode(code.value()).setError(text);
    }

    private final class Service extends FeedGrpc.FeedImplBase {
        @Override
        public void changes(ChangesRequest request, StreamObserver<ChangesReply> client) {
            changes.add(new Changes(request, client));
        }

        @Override
        public StreamObserver<ReadRequest> read(StreamObserver<ReadReply> client) {
            Reads call = new Reads(client);
            reads.add(call);
            return call;
        }
    }
}
