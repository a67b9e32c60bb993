package io.repowatch.service.bench;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.RepoInfo;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.v1.RegistryListingGrpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A process that reads as one would by hand with grpc-java, and keeps nothing: the baseline of an observer. Says
 * {@code done events=N} and then waits for the end of its input, so that its processor time can be looked at.
 */
final class BareClient {
    /** The events of each repo, then the repo. */
    static final String BOTH_CALLS = "both-calls";

    /** The events of each repo. */
    static final String STREAMS = "streams";

    /** One stream of so many messages of so many bytes, from a {@link BareServer}. */
    static final String ONE_STREAM = "one-stream";

    private final Channel channel;
    private final ReposGrpc.ReposStub stub;
    private final int concurrency;
    private final boolean bothCalls;
    private final Semaphore permits;
    private final AtomicLong events = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private BareClient(Channel channel, int concurrency, boolean bothCalls) {
        this.channel = channel;
        this.stub = ReposGrpc.newStub(channel);
        this.concurrency = concurrency;
        this.bothCalls = bothCalls;
        this.permits = new Semaphore(concurrency);
    }

    /** Arguments: what to do, the server's port, and two numbers: concurrency, or messages and their bytes. */
    public static void main(String[] args) throws IOException {
        Child.quiet();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(args[1]))
                .usePlaintext()
                .build();
        int first = Integer.parseInt(args[2]);
        long events = args[0].equals(ONE_STREAM)
                ? readOneStream(channel, first, Integer.parseInt(args[3]))
                : new BareClient(channel, first, args[0].equals(BOTH_CALLS)).readAll();
        System.out.println("done events=" + events);
        while (System.in.read() >= 0) {
            continue;
        }
        channel.shutdownNow();
    }

    private static long readOneStream(Channel channel, int messages, int bytes) {
        Iterator<byte[]> stream = ClientCalls.blockingServerStreamingCall(
                channel, BareServer.METHOD, CallOptions.DEFAULT, BareServer.request(messages, bytes));
        long received = 0;
        while (stream.hasNext()) {
            stream.next();
            received++;
        }
        return received;
    }

    private long readAll() throws IOException {
        List<ByteString> repos = new ArrayList<>();
        RegistryListingGrpc.newBlockingStub(channel)
                .listRepos(GetReposI.newBuilder().setRegistry(Dataset.REGISTRY).build())
                .forEachRemaining(part ->
                        part.getReposList().stream().map(RepoInfo::getId).forEach(repos::add));
        for (ByteString repo : repos) {
            permits.acquireUninterruptibly();
            read(repo);
        }
        permits.acquireUninterruptibly(concurrency);
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IOException("a call failed: " + failed, failed);
        }
        return events.get();
    }

    private void read(ByteString repo) {
        stub.events(RepoEventsI.newBuilder().setRepo(repo).build(), new Answer<RepoEventsO>() {
            @Override
            public void onNext(RepoEventsO message) {
                events.addAndGet(message.getEventsCount());
            }

            @Override
            public void onCompleted() {
                if (bothCalls) {
                    getRepo(repo);
                } else {
                    permits.release();
                }
            }
        });
    }

    private void getRepo(ByteString repo) {
        stub.getRepo(GetRepoI.newBuilder().setRepo(repo).build(), new Answer<GetRepoO>() {
            @Override
            public void onNext(GetRepoO message) {}

            @Override
            public void onCompleted() {
                permits.release();
            }
        });
    }

    private abstract class Answer<T> implements StreamObserver<T> {
        @Override
        public void onError(Throwable e) {
            failure.set(e);
            permits.release();
        }
    }
}
