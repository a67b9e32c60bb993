package io.repowatch.service;

import io.grpc.Channel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.ReposGrpc;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of freeze and unfreeze, and what the commands do. */
final class FreezeRun {
    @Mixin
    ClientOptions client = new ClientOptions();

    @Mixin
    WorkflowOption workflow = new WorkflowOption();

    @Mixin
    WaitOption wait = new WaitOption();

    @Parameters(paramLabel = "ID", converter = WireText.UuidConverter.class)
    UUID id = new UUID(0, 0);

    @Option(
            names = "--author",
            paramLabel = "'N <E>'",
            converter = Author.Converter.class,
            description = "The author of the commit that records it; default git's user.name and user.email.")
    @Nullable
    Author author;

    int run(FreezeCalls calls, Terminal terminal) {
        Author by = author != null ? author : GitAuthor.read();
        UUID of = workflow.id();
        FreezeCalls.Status now = client.ask(channel -> {
            String registry =
                    GetCommand.getRepo(ReposGrpc.newBlockingStub(channel), id).getRegistry();
            begin(calls, channel, registry, by);
            return wait.wanted()
                    ? await(calls, channel)
                    : calls.get(channel, of, JobControl.JC_NO_WAIT, Duration.ofSeconds(ClientOptions.DEADLINE_SECONDS));
        });
        String words = now.state().equals(now.message()) ? "" : now.message();
        new WorkflowReport(of, calls.kind(), id, now.state(), words).print(client, terminal);
        if (now.isRunning()) {
            if (wait.wanted()) {
                throw Failure.unfinished("workflow " + of + " is not over; it goes on, and 'repowatch why " + id
                        + "' says what it waits for");
            }
            return ExitCode.OK;
        }
        return now.code() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void begin(FreezeCalls calls, Channel channel, String registry, Author by) {
        try {
            calls.begin(channel, registry, id, workflow.id(), by);
        } catch (StatusRuntimeException e) {
            throw workflow.notBegun(id, e);
        }
    }

    private FreezeCalls.Status await(FreezeCalls calls, Channel channel) {
        try {
            return calls.get(channel, workflow.id(), JobControl.JC_WAIT, wait.limit());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Code.DEADLINE_EXCEEDED) {
                return calls.get(
                        channel,
                        workflow.id(),
                        JobControl.JC_NO_WAIT,
                        Duration.ofSeconds(ClientOptions.DEADLINE_SECONDS));
            }
            throw workflow.brokenOff(e);
        }
    }
}
