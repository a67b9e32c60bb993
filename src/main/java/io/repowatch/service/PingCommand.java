package io.repowatch.service;

import io.repowatch.wire.nogfso.BeginPingRegistryI;
import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.GetRegistryPingsI;
import io.repowatch.wire.nogfso.GetRegistryPingsO;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.PingRegistryGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks everybody who serves a registry for a sign of life. */
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        description = "Asks all servers of a registry for a sign of life, and lists those that come within some 10 s.")
final class PingCommand implements Callable<Integer> {
    private static final long PATIENCE_SECONDS = 60;

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Mixin
    WorkflowOption workflow = new WorkflowOption();

    @Parameters(paramLabel = "REG")
    String registry = "";

    @Override
    public Integer call() {
        GetRegistryPingsO reply = client.ask(channel -> ClientOptions.ofRegistry(
                registry,
                () -> ping(PingRegistryGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS))));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            List<List<String>> rows = new ArrayList<>();
            reply.getServerPingsList()
                    .forEach(
                            ping -> rows.add(List.of(Integer.toString(ping.getStatusCode()), ping.getStatusMessage())));
            terminal.table(List.of("STATUS", "SERVER"), rows);
            terminal.line(reply.getSummary().getStatusMessage());
        }
        boolean allWell = reply.getServerPingsList().stream().allMatch(ping -> ping.getStatusCode() == 0);
        return allWell && reply.getServerPingsCount() > 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private GetRegistryPingsO ping(PingRegistryGrpc.PingRegistryBlockingStub stub) {
        var unusedBegun = stub.beginPingRegistry(BeginPingRegistryI.newBuilder()
                .setRegistry(registry)
                .setWorkflow(WireText.bytes(workflow.id()))
                .build());
        GetRegistryPingsO pings = stub.getRegistryPings(GetRegistryPingsI.newBuilder()
                .setWorkflow(WireText.bytes(workflow.id()))
                .setJobControl(JobControl.JC_WAIT)
                .build());
        var unusedCommitted = stub.commitPingRegistry(CommitPingRegistryI.newBuilder()
                .setWorkflow(WireText.bytes(workflow.id()))
                .build());
        return pings;
    }
}
