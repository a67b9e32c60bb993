package io.repowatch.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.repowatch.client.ForeignServer.Exchange;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.testkit.Events;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.RepoEventsO;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A registry on a real socket that stores what it is told and answers as badly as a test wants it to. All streams and calls are
 * under one lock, so that a test sees them in one order.
 */
final class MisbehavingServer implements AutoCloseable {
    static final String REGISTRY = "exreg";
    private static final int UNKNOWN_TYPE = 9_999;
    private static final UUID REGISTRY_ID = EntityIds.registry(REGISTRY);

    private final ForeignServer server = new ForeignServer();
    private final Scheduler later = Schedulers.newSingle("slow-answers", true);
    private final Map<UUID, List<Message>> streams = new HashMap<>();
    private final Map<UUID, Integer> reads = new HashMap<>();
    private final List<Exchange> subscribers = new ArrayList<>();
    private final BiConsumer<UUID, String> called;
    private long clock;

    /** How events are read. */
    Reads mischief = Read::honestly;

    /** How news are told. */
    Signals signals = new Signals();

    /** Whether an event of a type from the future follows each one that is stored. */
    boolean unknownTypes;

    /** How many times a confirmation fails before it is taken. */
    int failingConfirmations;

    /** What happens to a read. */
    interface Reads {
        void answer(Read read);
    }

    /** What happens to signals; this way they are as they should be. */
    static class Signals {
        void subscribed(Exchange subscriber) {
            subscriber.headers();
        }

        void news(Exchange subscriber, UUID entity) {
            subscriber.send(signal(EntityIds.toBytes(entity)));
        }
    }

    /** @param called hears which repo each command is about, before its answer */
    MisbehavingServer(BiConsumer<UUID, String> called) throws IOException {
        this.called = called;
        server.always("nogfso.LiveBroadcast/AggregateSignals", this::subscribe);
        server.always("nogfso.Registry/Events", call -> read(REGISTRY_ID, call));
        server.always("nogfso.Repos/Events", call -> read(repo(call), call));
        server.always("nogfso.EphemeralRegistry/RegistryWorkflowIndexEvents", Exchange::end);
        server.always("nogfso.Repos/GetRepo", call -> command(call, "GetRepo", null));
        server.always("nogfso.Repos/ConfirmShadow", this::confirmShadow);
        server.always(
                "nogfso.Repos/ConfirmGit",
                call -> command(call, "ConfirmGit", Events.gitCreated((Long) call.asked("gitlab_project_id"))));
        server.always(
                "nogfso.Repos/SetRepoError",
                call -> command(call, "SetRepoError", Events.errorSet((String) call.asked("error_message"))));
    }

    ForeignServer server() {
        return server;
    }

    /** How often a stream was read. */
    synchronized int reads(UUID repo) {
        return reads.getOrDefault(repo, 0);
    }

    private static UUID repo(Exchange call) {
        return EntityIds.of(((ByteString) call.asked("repo")).toByteArray());
    }

    synchronized void append(RegistryEvent event) {
        Message stored = event.toBuilder()
                .setId(bytes(nextVid()))
                .setParent(bytes(tail(REGISTRY_ID)))
                .build();
        stream(REGISTRY_ID).add(stored);
        if (unknownTypes && event.getEventValue() < UNKNOWN_TYPE) {
            append(RegistryEvent.newBuilder().setEventValue(UNKNOWN_TYPE).build());
        }
        tell(REGISTRY_ID);
    }

    synchronized void append(UUID repo, RepoEvent event) {
        Message stored = event.toBuilder()
                .setId(bytes(nextVid()))
                .setParent(bytes(tail(repo)))
                .build();
        stream(repo).add(stored);
        if (unknownTypes && event.getEventValue() < UNKNOWN_TYPE) {
            append(repo, RepoEvent.newBuilder().setEventValue(UNKNOWN_TYPE).build());
        }
        tell(repo);
    }

    private Vid nextVid() {
        return new Vid(1, ++clock);
    }

    private List<Message> stream(UUID entity) {
        return streams.computeIfAbsent(entity, key -> new ArrayList<>());
    }

    private Vid tail(UUID entity) {
        List<Message> stream = stream(entity);
        return stream.isEmpty() ? Vid.EPOCH : id(stream.get(stream.size() - 1));
    }

    private static Vid id(Message event) {
        ByteString id = event instanceof RegistryEvent of ? of.getId() : ((RepoEvent) event).getId();
        return Vid.of(id.toByteArray());
    }

    private static ByteString bytes(Vid vid) {
        return ByteString.copyFrom(vid.toBytes());
    }

    private synchronized void subscribe(Exchange subscriber) {
        subscribers.add(subscriber);
        signals.subscribed(subscriber);
    }

    private void tell(UUID entity) {
        for (Exchange subscriber : List.copyOf(subscribers)) {
            if (subscriber.isCancelled()) {
                subscribers.remove(subscriber);
            } else {
                signals.news(subscriber, entity);
            }
        }
    }

    /** Tells everybody that this has news, whether it has or not. */
    synchronized void tellAgain(UUID entity) {
        tell(entity);
    }

    /** Ends the call of a subscriber, who then misses what comes. */
    void hangUp(Exchange subscriber, Status how) {
        subscribers.remove(subscriber);
        subscriber.fail(how);
    }

    private synchronized void read(UUID entity, Exchange call) {
        int number = reads.merge(entity, 1, Integer::sum);
        ByteString after = (ByteString) call.asked("after");
        mischief.answer(new Read(entity, number, after.isEmpty() ? Vid.EPOCH : Vid.of(after.toByteArray()), call));
    }

    private synchronized void confirmShadow(Exchange call) {
        if (failingConfirmations > 0) {
            failingConfirmations--;
            called.accept(repo(call), "ConfirmShadow fails");
            call.fail(Status.UNAVAILABLE);
        } else {
            command(call, "ConfirmShadow", Events.shadowCreated((String) call.asked("shadow_path")));
        }
    }

    private synchronized void command(Exchange call, String name, @Nullable RepoEvent effect) {
        UUID repo = repo(call);
        called.accept(repo, name);
        if (effect == null) {
            call.send(ForeignServer.message(name + "O"));
        } else {
            append(repo, effect);
            call.send(ForeignServer.message(name + "O", "vid", bytes(tail(repo))));
        }
        call.end();
    }

    static DynamicMessage signal(byte[] entity) {
        return foreign(AggregateSignalsO.newBuilder()
                .addSignals(AggregateSignal.newBuilder().setEntityId(ByteString.copyFrom(entity)))
                .build());
    }

    /** As a program that knows the contract and not our classes would send it. */
    private static DynamicMessage foreign(Message message) {
        try {
            return ForeignServer.CONTRACT
                    .builder(message.getDescriptorForType().getFullName())
                    .mergeFrom(message.toByteString())
                    .build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        later.dispose();
        server.close();
    }

    /** One read of a stream, and what may become of it. */
    final class Read {
        final UUID entity;

        /** Counts the reads of this stream from 1. */
        final int number;

        final Vid after;
        private final Exchange call;

        private Read(UUID entity, int number, Vid after, Exchange call) {
            this.entity = entity;
            this.number = number;
            this.after = after;
            this.call = call;
        }

        boolean isOfRegistry() {
            return entity.equals(REGISTRY_ID);
        }

        /** What should be answered. */
        List<Message> events() {
            List<Message> all = stream(entity);
            int from = 0;
            while (!after.isEpoch() && !id(all.get(from++)).equals(after)) {
                // A position that was never given out is a failure of the test.
            }
            return List.copyOf(all.subList(from, all.size()));
        }

        List<Message> wholeStream() {
            return List.copyOf(stream(entity));
        }

        void honestly() {
            send(events());
            end();
        }

        /** Everything in one message. */
        void send(List<Message> events) {
            call.send(message(events));
        }

        void eachAlone(List<Message> events) {
            events.forEach(event -> send(List.of(event)));
        }

        private DynamicMessage message(List<Message> events) {
            if (isOfRegistry()) {
                RegistryEventsO.Builder message = RegistryEventsO.newBuilder();
                events.forEach(event -> message.addEvents((RegistryEvent) event));
                return foreign(message.build());
            }
            RepoEventsO.Builder message = RepoEventsO.newBuilder();
            events.forEach(event -> message.addEvents((RepoEvent) event));
            return foreign(message.build());
        }

        /** Says that it would wait now, and then does not end. */
        void wouldBlock() {
            call.send(ForeignServer.message(isOfRegistry() ? "RegistryEventsO" : "RepoEventsO", "will_block", true));
        }

        void end() {
            call.end();
        }

        void fail(Status status) {
            call.fail(status);
        }

        void refusePosition() {
            fail(Status.UNKNOWN.withDescription("finding start failed: not found"));
        }

        void later(Runnable answer) {
            later.schedule(
                    () -> {
                        synchronized (MisbehavingServer.this) {
                            answer.run();
                        }
                    },
                    15,
                    TimeUnit.MILLISECONDS);
        }
    }
}
