package io.repowatch.service;

import java.util.function.Function;
import picocli.CommandLine.ExitCode;
import reactor.core.publisher.Mono;

/** How every server process runs: start, say that it is ready, go on until a signal ends it. */
final class ServerRun {
    private ServerRun() {}

    /**
     * Runs until the process is told to stop; a {@link Failure} says why it could not start or go on.
     *
     * @param start emits, once ready, what the line that says so adds to "repowatch ready"
     */
    static int run(Terminal terminal, Function<Basics, Mono<String>> start) throws InterruptedException {
        try (Lifecycle lifecycle = new Lifecycle()) {
            Runtime.getRuntime().addShutdownHook(new Thread(lifecycle::close, "repowatch-stop"));
            Basics basics = Basics.of(lifecycle);
            // On a thread of its own: opening the journal and listening block.
            Mono<String> started = Mono.defer(() -> start.apply(basics)).subscribeOn(basics.startup());
            String ready = Main.await(lifecycle.starting(started));
            if (ready == null) {
                // Stopped before it was ready.
                return ExitCode.OK;
            }
            terminal.line("repowatch ready " + ready);
            terminal.out().flush();
            lifecycle.awaitEnd();
        }
        return ExitCode.OK;
    }
}
