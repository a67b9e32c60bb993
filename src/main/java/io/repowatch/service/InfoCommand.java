package io.repowatch.service;

import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InfoO;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how large a registry is. */
@Command(name = "info", mixinStandardHelpOptions = true, description = "Says how many roots and repos a registry has.")
final class InfoCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "REG")
    String registry = "";

    @Override
    public Integer call() {
        InfoO reply = client.askRegistry(
                registry,
                stub -> stub.info(InfoI.newBuilder().setRegistry(registry).build()));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            List<String> row = List.of(
                    reply.getRegistry(),
                    Long.toString(reply.getNumRoots()),
                    Long.toString(reply.getNumRepos()),
                    WireText.vid(reply.getVid()));
            terminal.table(List.of("REGISTRY", "ROOTS", "REPOS", "VERSION"), List.of(row));
        }
        return ExitCode.OK;
    }
}
