package io.repowatch.service.bench;

import io.grpc.ManagedChannel;
import io.grpc.CallOptions;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.repowatch.client.GrpcRegistryCommands;
import io.repowatch.engine.EngineListener;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.RepoStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Row 4's process: a {@link LiveRig} and an observer of all its repos. Says {@code ready}, then does what lines of its input ask
 * for and answers with {@code figures}: {@code live RATE SECONDS} through journal, feed and observer, {@code bare RATE SECONDS} through
 * the journal, and when they are acknowledged over one gRPC stream. The first half of the time warms up.
 */
final class LiveProcess {
    /** About the bytes of an event on the wire. */
    private static final int EVENT_BYTES = 64;

    private final LiveRig rig;
    private final int repos;
    private final AtomicReference<@Nullable Run> run = new AtomicReference<>();
    private int nextRepo;

    /** The traffic under way, whose events count on from an id. */
    private record Run(Traffic traffic, Vid first) {}

    private LiveProcess(LiveRig rig, int repos) {
        this.rig = rig;
        this.repos = repos;
    }

    /** Arguments: the data directory, and how many repos are in it. */
    public static void main(String[] args) throws IOException {
        Child.quiet();
        try (LiveRig rig = new LiveRig(Path.of(args[0]))) {
            LiveProcess process = new LiveProcess(rig, Integer.parseInt(args[1]));
            Disposable watching = process.observe();
            System.out.println("ready");
            process.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
            watching.dispose();
        }
    }

    private Disposable observe() {
        Observer observer = Observer.builder(ObserverConfig.builder()
                        .registry(Dataset.REGISTRY)
                        .prefix(Dataset.ROOT)
                        .build())
                .source(rig.source)
                .commands(new GrpcRegistryCommands(rig.channel, rig.config))
                .initializer(new QuietPorts())
                .processor(new QuietPorts())
                .callbacks(rig.callbacks)
                .timer(rig.timer)
                .clock(InstantSource.system())
                .random(rig.random)
                .listener(new EngineListener() {
                    @Override
                    public void handled(StreamKey<?> key, Vid event) {
                        Run now = run.get();
                        if (now != null && event.hi() == now.first().hi()) {
                            now.traffic().seen((int) (event.lo() - now.first().lo()));
                        }
                    }
                })
                .build();
        Disposable watching = observer.watch().subscribe();
        while (observer.counts().getOrDefault(RepoStatus.State.ENABLED, 0L) < repos) {
            LockSupport.parkNanos(10_000_000);
        }
        return watching;
    }

    private void obey(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            int rate = Integer.parseInt(words[1]);
            int half = rate * Integer.parseInt(words[2]) / 2;
            System.gc();
            System.out.println(
                    "figures" + (words[0].equals("bare") ? bare(rate, half) : live(rate, half)));
        }
    }

    private String live(int rate, int half) throws IOException {
        int from = nextRepo;
        nextRepo = (int) ((from + 2L * half) % repos);
        for (int i = 0; i < Math.min(repos, 2 * half); i++) {
            rig.know((from + i) % repos);
        }
        Vid first = rig.next();
        Traffic traffic = new Traffic(2 * half, rate);
        run.set(new Run(traffic, first));
        return measure(
                traffic,
                half,
                number -> rig.append(
                        (from + number) % repos,
                        new Vid(first.hi(), first.lo() + number),
                        () -> traffic.acknowledged(number)));
    }

    private static String measure(Traffic traffic, int half, java.util.function.IntConsumer sender)
            throws IOException {
        traffic.send(sender, () -> traffic.sent() < half);
        long cpu = Traffic.cpu();
        traffic.send(sender, () -> true);
        cpu = Traffic.cpu() - cpu;
        return traffic.figures(half) + " cpu=" + cpu / 1e3 / (traffic.sent() - half);
    }

    private String bare(int rate, int half) throws IOException {
        Traffic traffic = new Traffic(2 * half, rate);
        AtomicReference<@Nullable StreamObserver<byte[]>> stream = new AtomicReference<>();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("bench.Bytes")
                        .addMethod(
                                BareServer.METHOD,
                                ServerCalls.asyncServerStreamingCall((request, replies) -> stream.set(replies)))
                        .build())
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        try {
            ClientCalls.asyncServerStreamingCall(
                    channel.newCall(BareServer.METHOD, CallOptions.DEFAULT),
                    BareServer.request(0, 0),
                    new Seeing(traffic));
            while (stream.get() == null) {
                LockSupport.parkNanos(1_000_000);
            }
            Vid first = rig.next();
            return measure(
                    traffic,
                    half,
                    number -> rig.appendUnwatched(
                            new Vid(first.hi(), first.lo() + number), () -> push(traffic, number, stream.get())));
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    /** Acknowledgements come one at a time, as a stream wants it. */
    private static void push(Traffic traffic, int number, @Nullable StreamObserver<byte[]> target) {
        traffic.acknowledged(number);
        if (target != null) {
            byte[] bytes = new byte[EVENT_BYTES];
            ByteBuffer.wrap(bytes).putInt(number);
            target.onNext(bytes);
        }
    }

    private record Seeing(Traffic traffic) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] bytes) {
            traffic.seen(ByteBuffer.wrap(bytes).getInt());
        }

        @Override
        public void onError(Throwable error) {
            // The end of the measurement; events that did not come are missed by the sender.
        }

        @Override
        public void onCompleted() {}
    }
}
