package io.repowatch.service;

import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ClearRepoErrorO;
import io.repowatch.wire.nogfso.ReposGrpc;
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

/** Clears the error stored on a repo, so that the observer tries again. */
@Command(
        name = "clear-error",
        mixinStandardHelpOptions = true,
        description = "Clears the error stored on a repo, so that the observer tries again.")
final class ClearErrorCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Parameters(index = "0", paramLabel = "ID", converter = WireText.UuidConverter.class)
    UUID id = new UUID(0, 0);

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MESSAGE",
            description = "The stored error, to the letter; default whatever is stored.")
    @Nullable
    String message;

    @Override
    public Integer call() {
        ClearRepoErrorO reply = client.ask(channel -> {
            ReposGrpc.ReposBlockingStub stub = ReposGrpc.newBlockingStub(channel);
            String stored =
                    message != null ? message : GetCommand.getRepo(stub, id).getErrorMessage();
            if (stored.isEmpty()) {
                throw Failure.refused("repo " + id + " has no stored error");
            }
            return stub.withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .clearRepoError(ClearRepoErrorI.newBuilder()
                            .setRepo(WireText.bytes(id))
                            .setErrorMessage(stored)
                            .build());
        });
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            terminal.line("the error of " + id + " is cleared");
        }
        return ExitCode.OK;
    }
}
