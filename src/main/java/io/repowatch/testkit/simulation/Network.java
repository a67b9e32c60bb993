package io.repowatch.testkit.simulation;

import io.repowatch.observer.CommandRejectedException;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Brings a request to the registry and its answer back, or loses one of them; the caller then hears so after a while. */
final class Network {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_MILLIS = 30;

    private final World world;

    Network(World world) {
        this.world = world;
    }

    /** Nobody knows whether the request was carried out. */
    static final class NoAnswerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String what) {
            super(what);
        }
    }

    /** Cold: each subscription sends the request once. The answer arrives at the caller's process. */
    <T> Mono<T> call(ProcessScheduler caller, Function<RegistryProcess.Running, Mono<T>> request) {
        return Mono.create(sink -> {
            if (caller.isDead()) {
                return;
            }
            Call<T> call = new Call<>(caller, request, sink);
            sink.onDispose(call.over);
            call.send();
        });
    }

    private final class Call<T> {
        private final ProcessScheduler caller;
        private final Function<RegistryProcess.Running, Mono<T>> request;
        private final MonoSink<T> sink;
        private final Disposable.Composite over = Disposables.composite();

        Call(ProcessScheduler caller, Function<RegistryProcess.Running, Mono<T>> request, MonoSink<T> sink) {
            this.caller = caller;
            this.request = request;
            this.sink = sink;
        }

        void send() {
            if (world.faults.happens(Fault.COMMAND_LOST, 15)) {
                fail(TIMEOUT, "the request got lost");
                return;
            }
            world.outside.after(world.dice.millis(MOST_MILLIS), this::arrive);
            if (world.faults.happens(Fault.COMMAND_DUPLICATED, 15)) {
                world.outside.after(world.dice.millis(1000), this::arrive);
            }
        }

        private void arrive() {
            RegistryProcess.Running server = world.registry.running();
            if (server == null) {
                fail(world.dice.millis(500), "no connection");
                return;
            }
            Disposable death = world.registry.onDeath(() -> fail(world.dice.millis(500), "the connection broke"));
            // Not disposed of with the call: the server goes on when its client has gone.
            server.work.add(request.apply(server)
                    .doFinally(end -> death.dispose())
                    .subscribe(
                            value -> answer(() -> sink.success(value)),
                            error -> refused(error),
                            () -> {}));
        }

        private void refused(Throwable error) {
            if (error instanceof CommandRejectedException) {
                answer(() -> sink.error(error));
            } else {
                answer(() -> sink.error(new NoAnswerException("the registry has failed: " + error.getMessage())));
            }
        }

        private void answer(Runnable reply) {
            if (world.faults.happens(Fault.REPLY_LOST, 12)) {
                fail(TIMEOUT, "the reply got lost");
            } else {
                settle(world.dice.millis(MOST_MILLIS), reply);
            }
        }

        private void fail(Duration delay, String why) {
            settle(delay, () -> sink.error(new NoAnswerException(why)));
        }

        private void settle(Duration delay, Runnable outcome) {
            caller.after(delay, () -> {
                if (!over.isDisposed()) {
                    over.dispose();
                    outcome.run();
                }
            });
        }
    }
}
