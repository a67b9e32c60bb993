package io.repowatch.service;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.RepoInfo;
import io.repowatch.wire.nogfso.ReposGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one would write by hand: the events of each repo, then the repo, a number of them at a time; nothing is kept. */
final class PlainClient {
    private final Channel channel;
    private final ReposGrpc.ReposStub stub;
    private final int concurrency;
    private final Semaphore permits;
    private final AtomicLong events = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    PlainClient(Channel channel, int concurrency) {
        this.channel = channel;
        this.stub = ReposGrpc.newStub(channel);
        this.concurrency = concurrency;
        this.permits = new Semaphore(concurrency);
    }

    /** Reads all repos of a registry; returns the number of events. Blocks. */
    long readAll(String registry) {
        List<ByteString> repos = new ArrayList<>();
        Listings.repos(channel, GetReposI.newBuilder().setRegistry(registry).build())
                .forEachRemaining(part ->
                        part.getReposList().stream().map(RepoInfo::getId).forEach(repos::add));
        for (ByteString repo : repos) {
            permits.acquireUninterruptibly();
            read(repo);
        }
        permits.acquireUninterruptibly(concurrency);
        Throwable failed = failure.get();
        if (failed != null) {
            throw Failure.refused("a call of the plain client failed: " + failed, failed);
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
                stub.getRepo(GetRepoI.newBuilder().setRepo(repo).build(), new Answer<GetRepoO>() {
                    @Override
                    public void onNext(GetRepoO message) {}

                    @Override
                    public void onCompleted() {
                        permits.release();
                    }
                });
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
