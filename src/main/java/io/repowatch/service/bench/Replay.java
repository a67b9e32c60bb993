package io.repowatch.service.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.v1.FeedGrpc;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadRequest;
import io.repowatch.wire.v1.ReadStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Row 8: a registry's process that serves long histories, beside one that sends the same bytes from memory in messages of the
 * same size. The client is this process; it throws away what it gets.
 */
final class Replay implements Row {
    static final String EVENTS = "Registry.Events";
    static final String READ = "Feed.Read";
    static final String BARE = "bare server";

    private static final String ONE = ", 1 stream";
    private static final String MANY = ", 20 streams";
    private static final String PER_CPU = "events per server CPU s";
    private static final int EVENT_COUNT = 200_000;
    private static final int STREAMS = 20;

    /** So that the processor time is some hundred times what the system counts it in. */
    private static final int PASSES = 10;

    /** Java goes on compiling the servers for some seconds of their processor time. */
    private static final int WARM_UPS = 2;

    private final Workshop workshop;
    private final int events;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private @Nullable RegistryProcess registry;
    private @Nullable Child bare;
    private @Nullable ManagedChannel toRegistry;
    private @Nullable ManagedChannel toBare;
    private int messages;
    private long bytes;

    Replay(Workshop workshop) {
        this.workshop = workshop;
        this.events = Math.max(STREAMS, workshop.repos(EVENT_COUNT) / STREAMS * STREAMS);
    }

    @Override
    public int number() {
        return 8;
    }

    @Override
    public String title() {
        return "Server replay of " + events + " events in 1 stream and in " + STREAMS + " streams, " + PASSES
                + " times per side";
    }

    @Override
    public List<String> sides() {
        return List.of(EVENTS + ONE, EVENTS + MANY, READ + ONE, READ + MANY, BARE + ONE, BARE + MANY);
    }

    @Override
    public void prepare() throws Exception {
        workshop.say("making the data");
        Path data = workshop.folder("data");
        ReplayData.fill(data, events, STREAMS);
        registry = RegistryProcess.on(workshop, data, List.of());
        opened.add(registry);
        bare = Child.start(workshop.log(), List.of(), BareServer.class.getName(), List.of());
        opened.add(bare);
        toRegistry = channel("" + registry.port());
        toBare = channel(bare.awaitLine("ready ").replaceAll(".*port=", ""));
        look(toRegistry);
        workshop.say("letting both servers get warm");
        for (int i = 0; i < WARM_UPS; i++) {
            sides().forEach(this::measure);
        }
    }

    private ManagedChannel channel(String port) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(port))
                .usePlaintext()
                .directExecutor()
                .build();
        opened.add(channel::shutdownNow);
        return channel;
    }

    /** Counts what a whole history has, which is what the bare server is asked for. */
    private void look(ManagedChannel channel) {
        AtomicInteger found = new AtomicInteger();
        Sink sink = new Sink(message -> found.addAndGet(parsed(message).getEventsCount()));
        sink.open(channel, RegistryGrpc.getEventsMethod(), request(1, 0));
        sink.join();
        if (found.get() != events) {
            throw new IllegalStateException(found + " events instead of " + events);
        }
        messages = (int) sink.messages;
        bytes = sink.bytes;
    }

    private static RegistryEventsO parsed(byte[] message) {
        try {
            return RegistryEventsO.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] request(int group, int number) {
        return RegistryEventsI.newBuilder()
                .setRegistry(ReplayData.name(group, number))
                .build()
                .toByteArray();
    }

    /** Wants all histories of a group in one call. */
    private static byte[] reads(int group) {
        ReadRequest.Builder request = ReadRequest.newBuilder();
        for (int i = 0; i < group; i++) {
            request.addOpen(ReadOpen.newBuilder()
                    .setRead(i + 1)
                    .setStream(ReadStream.newBuilder().setRegistry(ReplayData.name(group, i)))
                    .setAfter(ByteString.EMPTY)
                    .setCredit(Integer.MAX_VALUE));
        }
        return request.build().toByteArray();
    }

    @Override
    public Sample measure(String side) {
        if (registry == null || bare == null || toRegistry == null || toBare == null) {
            throw new IllegalStateException("not prepared");
        }
        Child server = side.startsWith(BARE) ? bare : registry.process();
        ManagedChannel channel = side.startsWith(BARE) ? toBare : toRegistry;
        int group = side.endsWith(ONE) ? 1 : STREAMS;
        double ownBefore = ownCpu();
        double serverBefore = server.cpu();
        long begin = System.nanoTime();
        long received = 0;
        long taken = 0;
        for (int pass = 0; pass < PASSES; pass++) {
            for (Sink sink : open(side, channel, group)) {
                sink.join();
                received += sink.messages;
                taken += sink.bytes;
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = server.cpu() - serverBefore;
        double all = (double) events * PASSES;
        return Sample.of(PER_CPU, all / cpu)
                .and("events/s", all / seconds)
                .and("server CPU ns/event", cpu / all * 1e9)
                .and("client CPU ns/event", (ownCpu() - ownBefore) / all * 1e9)
                .and("KiB/message", (double) taken / received / 1024)
                .and("bytes/event", taken / all);
    }

    private List<Sink> open(String side, ManagedChannel channel, int group) {
        List<Sink> sinks = new ArrayList<>();
        if (side.startsWith(READ)) {
            sinks.add(new Sink().open(channel, FeedGrpc.getReadMethod(), reads(group)));
            return sinks;
        }
        for (int i = 0; i < group; i++) {
            Sink sink = new Sink();
            sinks.add(
                    side.startsWith(BARE)
                            ? sink.open(channel, BareServer.METHOD, BareServer.request(messages / group, (int)
                                    (bytes / messages)))
                            : sink.open(channel, RegistryGrpc.getEventsMethod(), request(group, i)));
        }
        return sinks;
    }

    private static double ownCpu() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1e3;
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                Goal.atLeast(0.7, "events per server CPU s, 1 stream", EVENTS + ONE, BARE + ONE, PER_CPU),
                Goal.atLeast(0.7, "events per server CPU s, 20 streams", EVENTS + MANY, BARE + MANY, PER_CPU),
                Goal.atLeast(0.7, "the same, the feed's reads, 1 stream", READ + ONE, BARE + ONE, PER_CPU),
                Goal.atLeast(0.7, "the same, the feed's reads, 20 streams", READ + MANY, BARE + MANY, PER_CPU));
    }

    @Override
    public String bound() {
        return "reading an event from RocksDB takes three native calls, 200-270 ns with the search and the file; with events of"
                + " 100 bytes the whole of what the bare server does takes less.";
    }

    @Override
    public void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** Takes whatever a call brings, as fast as it comes. */
    private static final class Sink extends ClientCall.Listener<byte[]> {
        private final Consumer<byte[]> look;
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private long messages;
        private long bytes;

        Sink() {
            this(message -> {});
        }

        Sink(Consumer<byte[]> look) {
            this.look = look;
        }

        Sink open(ManagedChannel channel, MethodDescriptor<?, ?> method, byte[] request) {
            BareServer.Bytes marshaller = new BareServer.Bytes();
            ClientCall<byte[], byte[]> call =
                    channel.newCall(method.toBuilder(marshaller, marshaller).build(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.request(Integer.MAX_VALUE);
            call.sendMessage(request);
            call.halfClose();
            return this;
        }

        @Override
        public void onMessage(byte[] message) {
            messages++;
            bytes += message.length;
            look.accept(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.isOk()) {
                end.complete(null);
            } else {
                end.completeExceptionally(status.asRuntimeException());
            }
        }

        void join() {
            end.join();
        }
    }
}
