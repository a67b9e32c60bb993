package io.repowatch.service;

import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.v1.AbortRequest;
import io.repowatch.wire.v1.LookupReply;
import io.repowatch.wire.v1.WorkflowsGrpc;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends a workflow before its time. */
@Command(
        name = "abort",
        mixinStandardHelpOptions = true,
        description =
                "Ends a move, freeze or unfreeze that has not got far yet, so that everything stays as it was. Refused,"
                        + " with the reason, where that is not safe any more.")
final class AbortCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Mixin
    WorkflowLookup lookup = new WorkflowLookup();

    @Parameters(paramLabel = "WORKFLOW", converter = WireText.WorkflowConverter.class)
    UUID workflow = new UUID(0, 0);

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "aborted by an operator",
            description = "Why, for whoever reads the history, at most 150 bytes; default \"${DEFAULT-VALUE}\".")
    String reason = "aborted by an operator";

    @Option(
            names = "--author",
            paramLabel = "'N <E>'",
            converter = Author.Converter.class,
            description = "Who aborts it; default git's user.name and user.email.")
    @Nullable
    Author author;

    @Override
    public Integer call() {
        Author by = author != null ? author : GitAuthor.read();
        WorkflowReport report = client.ask(channel -> {
            LookupReply found = lookup.find(channel, workflow);
            var unused = WorkflowsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .abort(AbortRequest.newBuilder()
                            .setRegistry(found.getRegistry())
                            .setWorkflow(WireText.bytes(workflow))
                            .setReason(reason)
                            .setAuthor(GitUser.newBuilder().setName(by.name()).setEmail(by.email()))
                            .build());
            return new WorkflowReport(
                    workflow, found.getKind(), WireText.optionalId(found.getRepo()), "aborted", reason);
        });
        report.print(client, Terminal.of(spec));
        return ExitCode.OK;
    }
}
