package io.repowatch.service.bench;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.repowatch.client.ClientConfig;
import io.repowatch.client.GrpcRegistryCommands;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.RepoStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Row 6's processes: a server whose streams send one message and never end, and clients that hold many of something and say how
 * much heap each takes.
 */
final class SleeperProcess {
    static final String SERVER = "server";

    private static final long STEADY = 64 << 10;

    private SleeperProcess() {}

    /** Arguments: {@link #SERVER}, or the side, how many, and the server's port. */
    public static void main(String[] args) throws IOException {
        Child.quiet();
        if (args[0].equals(SERVER)) {
            serve();
            return;
        }
        int count = Integer.parseInt(args[1]);
        // Classes and pools are there when the measurement begins.
        hold(args[0], Math.min(count, 1_000), args[2]).dispose();
        long before = heap();
        Disposable held = hold(args[0], count, args[2]);
        double bytes = (heap() - before) / (double) count;
        System.out.println("figures bytes=" + bytes);
        while (System.in.read() >= 0) {
            continue;
        }
        held.dispose();
    }

    private static void serve() throws IOException {
        byte[] message = {1};
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("bench.Bytes")
                        .addMethod(
                                BareServer.METHOD,
                                ServerCalls.asyncServerStreamingCall((request, replies) -> replies.onNext(message)))
                        .build())
                .build()
                .start();
        System.out.println("ready port=" + server.getPort());
        while (System.in.read() >= 0) {
            continue;
        }
        server.shutdownNow();
    }

    private static Disposable hold(String side, int count, String port) {
        return switch (side) {
            case SleepingHeap.OBSERVER -> observe(count);
            case SleepingHeap.SINKS -> subscribe(count);
            default -> stream(count, Integer.parseInt(port));
        };
    }

    private static Disposable observe(int count) {
        Scheduler scheduler = Schedulers.newSingle("bench-callbacks", true);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        ManagedChannel nowhere =
                NettyChannelBuilder.forAddress("127.0.0.1", 1).usePlaintext().build();
        Observer observer = Observer.builder(ObserverConfig.builder()
                        .registry(Dataset.REGISTRY)
                        .prefix(Dataset.ROOT)
                        .build())
                .source(new GeneratedSource(count))
                .commands(new GrpcRegistryCommands(
                        nowhere,
                        ClientConfig.builder().timer(scheduler).random(random).build()))
                .initializer(new QuietPorts())
                .processor(new QuietPorts())
                .callbacks(scheduler)
                .timer(scheduler)
                .clock(InstantSource.system())
                .random(random)
                .build();
        Disposable watching = observer.watch().subscribe();
        await(() -> observer.counts().getOrDefault(RepoStatus.State.ENABLED, 0L) == count);
        return () -> {
            watching.dispose();
            nowhere.shutdownNow();
            scheduler.dispose();
        };
    }

    /** What one would write by hand: news of an entity go into its sink, behind which they are handled in order. */
    private static Disposable subscribe(int count) {
        Scheduler scheduler = Schedulers.newSingle("bench-callbacks", true);
        Disposable[] held = new Disposable[count];
        Sinks.Many<?>[] sinks = new Sinks.Many<?>[count];
        for (int i = 0; i < count; i++) {
            Sinks.Many<Integer> sink = Sinks.many().unicast().onBackpressureBuffer();
            sinks[i] = sink;
            held[i] = sink.asFlux()
                    .publishOn(scheduler)
                    .concatMap(value -> Mono.just(value).then())
                    .subscribe();
        }
        return () -> {
            for (int i = 0; i < count; i++) {
                held[i].dispose();
                sinks[i] = Sinks.many().unicast().onBackpressureBuffer();
            }
            scheduler.dispose();
        };
    }

    private static Disposable stream(int count, int port) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        AtomicInteger open = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            ClientCalls.asyncServerStreamingCall(
                    channel.newCall(BareServer.METHOD, CallOptions.DEFAULT),
                    BareServer.request(0, 0),
                    new StreamObserver<byte[]>() {
                        @Override
                        public void onNext(byte[] value) {
                            open.incrementAndGet();
                        }

                        @Override
                        public void onError(Throwable error) {
                            // The end of the process.
                        }

                        @Override
                        public void onCompleted() {}
                    });
        }
        await(() -> open.get() == count);
        return channel::shutdownNow;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** The heap in use when collecting it again brings nothing more. */
    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        long last = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            long used = runtime.totalMemory() - runtime.freeMemory();
            if (Math.abs(last - used) < STEADY) {
                return used;
            }
            last = used;
        }
        return last;
    }
}
