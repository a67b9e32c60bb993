package io.repowatch.service.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.repowatch.client.Channels;
import io.repowatch.client.ClientConfig;
import io.repowatch.client.FeedEventSource;
import io.repowatch.client.FeedFilter;
import io.repowatch.engine.EventSource;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import io.repowatch.registry.RegistryServices;
import io.repowatch.wire.nogfso.AggregateSignal.AggregateType;
import io.repowatch.wire.nogfso.RepoEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A registry on a data directory, its services on loopback TCP, and a client's event source, all in this process so that one
 * clock measures. Events are appended to the journal itself, as the commands of the registry would, without their rules.
 */
final class LiveRig implements AutoCloseable {
    /** A type that observers pass over: what is measured is the way, not what they would do. */
    private static final int UNKNOWN_TYPE = 9999;

    final Scheduler timer = Schedulers.newSingle("bench-timer", true);
    final Scheduler callbacks = Schedulers.newParallel("bench-callbacks", Runtime.getRuntime().availableProcessors(), true);
    final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    final ManagedChannel channel;
    final ClientConfig config;
    final EventSource source;

    private final Scheduler reads = Schedulers.newBoundedElastic(4, Integer.MAX_VALUE, "bench-reads", 60, true);
    private final Disposable schedulers = Disposables.composite(timer, callbacks, reads);
    private final Journal journal;
    private final Registry registry;
    private final Server server;
    private final Map<Integer, Vid> tails = new HashMap<>();

    LiveRig(Path data) throws IOException {
        journal = EmbeddedJournal.open(
                data.resolve("journal"), EmbeddedConfig.builder(reads).build());
        registry = Registry.open(journal, RegistryConfig.builder(callbacks, random).build());
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        RegistryServices.of(registry, () -> new Principal("bench")).forEach(builder::addService);
        server = RegistryServices.configure(builder).build().start();
        channel = Channels.plaintext(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
        config = ClientConfig.builder().timer(timer).random(random).build();
        source = new FeedEventSource(
                channel, config, new FeedFilter(List.of(Dataset.REGISTRY), List.of(Dataset.ROOT)));
    }

    /** The id after the newest event; later ones count on from it. */
    Vid next() {
        Vid newest = journal.newest();
        return new Vid(newest.hi() + 1, 1);
    }

    /** Looks up what the first event needs, so that it is not measured. */
    void know(int repo) {
        tails.computeIfAbsent(repo, each -> journal.tail(stream(repo)).toFuture().join());
    }

    private static StreamId stream(int repo) {
        return new StreamId((byte) AggregateType.AT_REPO.getNumber(), Dataset.repo(repo));
    }

    /** Appends one event to the stream of a repo that is known; {@code durable} is called when it is acknowledged. */
    Disposable append(int repo, Vid id, Runnable durable) {
        Vid parent = tails.put(repo, id);
        if (parent == null) {
            throw new IllegalStateException("repo " + repo + " is not known");
        }
        byte[] body = RepoEvent.newBuilder()
                .setId(ByteString.copyFrom(id.toBytes()))
                .setParent(ByteString.copyFrom(parent.toBytes()))
                .setEventValue(UNKNOWN_TYPE)
                .build()
                .toByteArray();
        return journal.append(List.of(new Append(stream(repo), null, List.of(new StoredEvent(id, body)))))
                .subscribe(position -> durable.run());
    }

    /** Appends an event of the same size to a stream that nobody watches. */
    Disposable appendUnwatched(Vid id, Runnable durable) {
        StreamId nobody = new StreamId((byte) AggregateType.AT_REPO.getNumber(), new UUID(id.hi(), id.lo()));
        byte[] body = RepoEvent.newBuilder()
                .setId(ByteString.copyFrom(id.toBytes()))
                .setParent(ByteString.copyFrom(Vid.EPOCH.toBytes()))
                .setEventValue(UNKNOWN_TYPE)
                .build()
                .toByteArray();
        return journal.append(List.of(new Append(nobody, null, List.of(new StoredEvent(id, body)))))
                .subscribe(position -> durable.run());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        registry.close();
        journal.close();
        schedulers.dispose();
    }
}
