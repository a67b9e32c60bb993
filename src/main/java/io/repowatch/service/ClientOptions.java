package io.repowatch.service;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.nogfso.RegistryGrpc.RegistryBlockingStub;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options of every command that asks a server, and the way to ask it. */
final class ClientOptions {

    /** How results are written. */
    enum Format {
        TABLE,
        JSON
    }

    /** How long a command waits for an answer. */
    static final long DEADLINE_SECONDS = 10;

    // Listings are one message in the wire contract; other clients' limit of 4 MiB is too small for large registries.
    private static final int MAX_MESSAGE_BYTES = 256 << 20;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:REPOWATCH_SERVER:-127.0.0.1:7550}",
            converter = HostPort.Converter.class,
            description = "The server to ask; default $REPOWATCH_SERVER, else 127.0.0.1:7550.")
    HostPort server = new HostPort("127.0.0.1", 7550);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table for people, json for machines: one document, or one object per line for streams.")
    Format format = Format.TABLE;

    boolean json() {
        return format == Format.JSON;
    }

    /** Asks the server; turns what goes wrong into words. */
    <T> T ask(Function<ManagedChannel, T> question) {
        return ask(server, question);
    }

    /** Asks the server at {@code address}; turns what goes wrong into words. */
    <T> T ask(HostPort address, Function<ManagedChannel, T> question) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address.host(), address.port())
                .usePlaintext()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
        try {
            return question.apply(channel);
        } catch (StatusRuntimeException e) {
            throw failure(address, e);
        } finally {
            channel.shutdownNow();
            awaitQuietly(channel);
        }
    }

    /** Asks the registry service about {@code registry}; an unknown one is said to be so. */
    <T> T askRegistry(String registry, Function<RegistryBlockingStub, T> question) {
        return ask(channel -> ofRegistry(
                registry,
                () -> question.apply(
                        RegistryGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS))));
    }

    /** Does something with {@code registry}; an unknown one is said to be so. */
    static <T> T ofRegistry(String registry, Supplier<T> question) {
        try {
            return question.get();
        } catch (StatusRuntimeException e) {
            throw says(e, "uninitialized registry") ? noSuchRegistry(registry, e) : e;
        }
    }

    /** Whether an answer contains a text. Ours says most things with a code, existing servers only with these texts. */
    static boolean says(StatusRuntimeException e, String text) {
        String description = e.getStatus().getDescription();
        return description != null && description.contains(text);
    }

    private static Failure noSuchRegistry(String registry, Throwable cause) {
        return Failure.refused("no such registry: " + registry + "; 'repowatch get registries' lists them", cause);
    }

    private static Failure failure(HostPort address, StatusRuntimeException e) {
        Status status = e.getStatus();
        String text = status.getDescription() == null ? "" : status.getDescription();
        return switch (status.getCode()) {
            case UNAVAILABLE ->
                isAnswer(status)
                        ? Failure.refused(text, e)
                        : Failure.refused(
                                "no server answers at " + address
                                        + "; start one with 'repowatch serve', or name another" + " with --server ("
                                        + text + ")",
                                e);
            case DEADLINE_EXCEEDED ->
                Failure.refused(address + " did not answer within " + DEADLINE_SECONDS + " s; try again", e);
            case UNIMPLEMENTED -> Failure.refused(address + " does not offer this (" + text + ")", e);
            default -> Failure.refused(text.isEmpty() ? status.getCode().toString() : text, e);
        };
    }

    // A status that came over the wire has no cause here; a connection that failed has.
    private static boolean isAnswer(Status status) {
        return status.getCause() == null && status.getDescription() != null;
    }

    private static void awaitQuietly(ManagedChannel channel) {
        try {
            channel.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
