package io.repowatch.service;

import io.repowatch.wire.nogfso.CommitMoveShadowI;
import io.repowatch.wire.nogfso.ReposGrpc;
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

/** Says that an operator has moved a shadow. */
@Command(
        name = "commit-move-shadow",
        mixinStandardHelpOptions = true,
        description = "Says that the shadow is at its new place, so that the observer takes it from there.")
final class CommitMoveShadowCommand implements Callable<Integer> {
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
            names = "--repo",
            paramLabel = "ID",
            converter = WireText.UuidConverter.class,
            description = "The repo; default whatever the server knows of the workflow.")
    @Nullable
    UUID repo;

    @Override
    public Integer call() {
        UUID of = client.ask(channel -> {
            UUID id = repo != null
                    ? repo
                    : WireText.id(lookup.find(channel, workflow).getRepo());
            var unused = ReposGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .commitMoveShadow(CommitMoveShadowI.newBuilder()
                            .setRepo(WireText.bytes(id))
                            .setWorkflow(WireText.bytes(workflow))
                            .build());
            return id;
        });
        new WorkflowReport(workflow, WorkflowReport.MOVE_SHADOW, of, "committed", "").print(client, Terminal.of(spec));
        return ExitCode.OK;
    }
}
