package io.repowatch.testkit.simulation;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The connection over which an observer's client hears the registry's signals. They get lost, come twice, or late; the
 * stream ends now and then, and with the process of the registry.
 */
final class SignalChannel extends Channel {
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

    private final World world;
    private final ObserverProcess observer;

    SignalChannel(World world, ObserverProcess observer) {
        this.world = world;
        this.observer = observer;
    }

    @Override
    public <I, O> ClientCall<I, O> newCall(MethodDescriptor<I, O> method, CallOptions options) {
        return new Call<>(options);
    }

    @Override
    public String authority() {
        return "simulated";
    }

    private final class Call<I, O> extends ClientCall<I, O> {
        private final CallOptions options;
        private final ProcessScheduler client = observer.scheduler();
        private final Disposable.Composite subscription = Disposables.composite();
        private final Deque<AggregateSignalsO> waiting = new ArrayDeque<>();
        private @Nullable Listener<O> listener;
        private Metadata headers = new Metadata();
        private int requested;
        private boolean confirmed;
        private boolean ended;

        Call(CallOptions options) {
            this.options = options;
        }

        @Override
        public void start(Listener<O> responses, Metadata requestHeaders) {
            listener = responses;
            headers = requestHeaders;
            connect();
        }

        /** Waits until there is a server, as the client asks for. */
        private void connect() {
            if (ended || client.isDead()) {
                return;
            }
            if (world.registry.running() == null) {
                world.registry.onStart(this::connect);
            } else {
                client.after(world.dice.millis(20), this::begin);
            }
        }

        private void begin() {
            RegistryProcess.Running server = world.registry.running();
            if (server == null) {
                connect();
                return;
            }
            if (ended) {
                return;
            }
            for (ClientStreamTracer.Factory tracing : options.getStreamTracerFactories()) {
                tracing.newClientStreamTracer(
                                ClientStreamTracer.StreamInfo.newBuilder().build(), headers)
                        .outboundHeaders();
            }
            if (world.scenario.signals() == Scenario.Signals.NONE) {
                close(Status.UNIMPLEMENTED.withDescription("no signals here"));
                return;
            }
            subscription.add(world.registry.onDeath(
                    () -> client.after(world.dice.millis(50), () -> close(Status.UNAVAILABLE))));
            subscription.add(world.signals(server, this::signalled));
            if (world.scenario.confirms()) {
                client.after(world.dice.millis(20), () -> deliver(AggregateSignalsO.getDefaultInstance()));
            }
            if (world.faults.happens(Fault.SUBSCRIPTION_LOST, 2)) {
                client.after(world.dice.upTo(LONGEST_CALL), () -> close(Status.UNAVAILABLE));
            }
        }

        /** The server has said something; each signal goes its own way. */
        private void signalled(AggregateSignalsO message) {
            for (AggregateSignal signal : message.getSignalsList()) {
                AggregateSignalsO alone =
                        AggregateSignalsO.newBuilder().addSignals(signal).build();
                if (world.scenario.signals() == Scenario.Signals.LOSSY && world.faults.happens(Fault.SIGNAL_LOST, 4)) {
                    continue;
                }
                int copies = world.faults.happens(Fault.SIGNAL_DUPLICATED, 6) ? 2 : 1;
                for (int i = 0; i < copies; i++) {
                    boolean late = world.faults.happens(Fault.SIGNAL_DELAYED, 6);
                    client.after(
                            late ? world.dice.upTo(LONGEST_DELAY) : world.dice.millis(5), () -> deliver(alone));
                }
            }
        }

        private void deliver(AggregateSignalsO message) {
            if (!ended) {
                waiting.add(message);
                drain();
            }
        }

        @SuppressWarnings("unchecked") // this channel is asked for signals only
        private void drain() {
            Listener<O> to = listener;
            while (to != null && !ended && requested > 0 && !waiting.isEmpty()) {
                if (!confirmed) {
                    confirmed = true;
                    to.onHeaders(new Metadata());
                }
                requested--;
                to.onMessage((O) waiting.remove());
            }
        }

        private void close(Status status) {
            if (!ended) {
                ended = true;
                subscription.dispose();
                if (listener != null) {
                    listener.onClose(status, new Metadata());
                }
            }
        }

        @Override
        public void request(int messages) {
            requested = (int) Math.min(Integer.MAX_VALUE, (long) requested + messages);
            client.schedule(this::drain);
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            client.schedule(() -> close(Status.CANCELLED.withDescription(message).withCause(cause)));
            subscription.dispose();
        }

        @Override
        public void halfClose() {}

        @Override
        public void sendMessage(I message) {}
    }
}
