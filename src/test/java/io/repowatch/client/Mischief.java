package io.repowatch.client;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.repowatch.client.ForeignServer.Exchange;
import io.repowatch.client.MisbehavingServer.Signals;
import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** The ways in which a server misbehaves. None of them may change what the observer does in the end. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum Mischief {
    NONE(server -> {}),

    SIGNALS_NEVER_CONFIRMED(server -> server.signals = new Signals() {
        @Override
        void subscribed(Exchange subscriber) {}
    }),

    SIGNALS_DROPPED(server -> server.signals = new Signals() {
        @Override
        void news(Exchange subscriber, UUID entity) {}
    }),

    NO_SIGN_AT_ALL(server -> server.signals = new Signals() {
        @Override
        void subscribed(Exchange subscriber) {}

        @Override
        void news(Exchange subscriber, UUID entity) {}
    }),

    SIGNALS_THAT_NOBODY_UNDERSTANDS(server -> server.signals = new Signals() {
        @Override
        void news(Exchange subscriber, UUID entity) {
            subscriber.send(MisbehavingServer.signal(new byte[3]));
            subscriber.send(MisbehavingServer.signal(new byte[16]));
            super.news(subscriber, entity);
            super.news(subscriber, entity);
        }
    }),

    SIGNALS_END_AT_EACH_NEWS(server -> server.signals = new Signals() {
        @Override
        void news(Exchange subscriber, UUID entity) {
            server.hangUp(subscriber, Status.OK);
        }
    }),

    SIGNALS_FAIL_AT_EACH_NEWS(server -> server.signals = new Signals() {
        @Override
        void news(Exchange subscriber, UUID entity) {
            server.hangUp(subscriber, Status.INTERNAL.withDescription("Application error processing RPC"));
        }
    }),

    SIGNALS_UNKNOWN(server -> server.server().lacks("nogfso.LiveBroadcast/AggregateSignals")),

    ONE_EVENT_IN_A_MESSAGE(server -> server.mischief = read -> {
        read.eachAlone(read.events());
        read.end();
    }),

    EMPTY_MESSAGES(server -> server.mischief = read -> {
        for (Message event : read.events()) {
            read.send(List.of());
            read.send(List.of(event));
        }
        read.send(List.of());
        read.end();
    }),

    SAYS_THAT_IT_WAITS_AND_DOES(server -> server.mischief = read -> {
        read.send(read.events());
        read.wouldBlock();
    }),

    ANSWERS_SLOWLY(server -> server.mischief = read -> read.later(() -> {
        List<Message> events = read.events();
        read.eachAlone(events);
        read.later(read::end);
    })),

    ANSWERS_THE_FIRST_READ_NEVER(server -> server.mischief = read -> {
        if (read.number > 1) {
            read.honestly();
        }
    }),

    FALLS_SILENT_IN_THE_FIRST_READ(server -> server.mischief = read -> {
        if (read.number > 1) {
            read.honestly();
        } else {
            read.send(read.events().subList(0, 1));
        }
    }),

    FAILS_EVERY_OTHER_READ(server -> server.mischief = read -> {
        if (read.number % 2 == 0) {
            read.honestly();
        } else {
            read.fail(Status.UNAVAILABLE);
        }
    }),

    FAILS_BEFORE_EVERY_FIRST_EVENT(failingAt(0)),
    FAILS_AFTER_ONE_EVENT(failingAt(1)),
    FAILS_AFTER_TWO_EVENTS(failingAt(2)),
    FAILS_AFTER_THREE_EVENTS(failingAt(3)),
    FAILS_AFTER_FOUR_EVENTS(failingAt(4)),

    FAILS_AFTER_EACH_SINGLE_EVENT(server -> server.mischief = read -> {
        List<Message> events = read.events();
        if (events.isEmpty()) {
            read.end();
        } else {
            read.send(events.subList(0, 1));
            read.fail(Status.UNAVAILABLE);
        }
    }),

    ENDS_THE_REGISTRY_EARLY(server -> server.mischief = read -> {
        // In good faith: so it looks like the end of the stream, and the rest comes with the next look.
        if (read.isOfRegistry()) {
            read.send(read.events().stream().limit(1).toList());
            read.end();
        } else {
            read.honestly();
        }
    }),

    UNKNOWN_TYPES(server -> server.unknownTypes = true),

    SENDS_EVERY_EVENT_TWICE(server -> server.mischief = read -> {
        List<Message> twice = new ArrayList<>();
        for (Message event : read.events()) {
            twice.add(event);
            twice.add(event);
        }
        read.send(twice);
        read.end();
    }),

    SENDS_THE_WHOLE_STREAM_EACH_TIME(server -> server.mischief = read -> {
        read.send(read.wholeStream());
        read.end();
    }),

    LEAVES_OUT_AN_EVENT_ONCE(server -> server.mischief = read -> {
        List<Message> events = new ArrayList<>(read.events());
        if (read.number == 1 && events.size() > 2) {
            events.remove(1);
        }
        read.send(events);
        read.end();
    }),

    REFUSES_THE_POSITION_OF_THE_REGISTRY(server -> server.mischief = read -> {
        if (read.isOfRegistry() && !read.after.equals(Vid.EPOCH)) {
            read.refusePosition();
        } else {
            read.honestly();
        }
    }),

    FAILS_TWO_CONFIRMATIONS(server -> server.failingConfirmations = 2);

    private final Consumer<MisbehavingServer> begin;

    Mischief(Consumer<MisbehavingServer> begin) {
        this.begin = begin;
    }

    void begin(MisbehavingServer server) {
        begin.accept(server);
    }

    /** The first two reads of each stream fail after so many events, or at the end if there are fewer. */
    private static Consumer<MisbehavingServer> failingAt(int count) {
        return server -> server.mischief = read -> {
            if (read.number > 2) {
                read.honestly();
            } else {
                read.eachAlone(read.events().stream().limit(count).toList());
                read.fail(Status.UNAVAILABLE);
            }
        };
    }
}
