package io.repowatch.service;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.repowatch.wire.v1.ObserverStatusGrpc;
import io.repowatch.wire.v1.WaitStep;
import io.repowatch.wire.v1.WhyReply;
import io.repowatch.wire.v1.WhyRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a repo waits for. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description =
                "Says what a repo does or waits for, and since when: its own activity, then the workflows that run on"
                        + " it, then what begins when those have ended.")
final class WhyCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Mixin
    ObserverOption observer = new ObserverOption();

    @Parameters(paramLabel = "ID", converter = WireText.UuidConverter.class)
    UUID id = new UUID(0, 0);

    @Override
    public Integer call() {
        WhyReply reply = client.ask(observer.address(client), channel -> {
            try {
                return ObserverStatusGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .why(WhyRequest.newBuilder().setRepo(WireText.bytes(id)).build());
            } catch (StatusRuntimeException e) {
                throw e.getStatus().getCode() == Status.Code.NOT_FOUND ? notFollowed(e) : e;
            }
        });
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            print(terminal, reply);
        }
        return ExitCode.OK;
    }

    private Failure notFollowed(StatusRuntimeException e) {
        return Failure.refused(
                "the observer at " + observer.address(client) + " does not follow repo " + id
                        + "; ask the one whose prefixes the repo is below with --observer, or see with 'repowatch get repo "
                        + id + "' whether there is such a repo",
                e);
    }

    private static void print(Terminal terminal, WhyReply reply) {
        terminal.line(WireText.uuid(reply.getRepo()) + "  " + reply.getGlobalPath() + "  " + reply.getState());
        for (WaitStep step : reply.getStepsList()) {
            // What an operator is to do comes as lines of a shell after the first line.
            List<String> lines = step.getWhy().lines().toList();
            terminal.line(subject(step) + (lines.isEmpty() ? "" : lines.get(0)) + since(step));
            lines.stream().skip(1).forEach(line -> terminal.line("    " + line));
            if (!step.getLastError().isEmpty()) {
                terminal.line("  last error: " + step.getLastError());
            }
            if (step.getNextRetryMs() != 0) {
                terminal.line("  next attempt: " + Instant.ofEpochMilli(step.getNextRetryMs()));
            }
        }
    }

    private static String subject(WaitStep step) {
        String workflow = step.getWorkflow().isEmpty() ? "" : " " + WireText.uuid(step.getWorkflow());
        return switch (step.getKind()) {
            case "workflow" -> step.getPart() + " of workflow" + workflow + ": ";
            case "link" ->
                "then " + (step.getPart().isEmpty() ? "follow" : step.getPart() + " of workflow" + workflow) + ": ";
            default -> "";
        };
    }

    private static String since(WaitStep step) {
        return step.getSinceMs() == 0 ? "" : ", since " + Instant.ofEpochMilli(step.getSinceMs());
    }
}
