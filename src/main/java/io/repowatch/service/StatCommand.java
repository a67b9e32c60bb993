package io.repowatch.service;

import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.StatGrpc;
import io.repowatch.wire.nogfso.StatI;
import io.repowatch.wire.nogfso.StatO;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Records the present state of a repo's directory in its shadow. */
@Command(
        name = "stat",
        mixinStandardHelpOptions = true,
        description = "Records the present state of a repo's directory in its shadow, and waits until it is done.")
final class StatCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Mixin
    ObserverOption observer = new ObserverOption();

    @Parameters(paramLabel = "ID", converter = WireText.UuidConverter.class)
    UUID id = new UUID(0, 0);

    @Option(
            names = "--author",
            paramLabel = "'N <E>'",
            converter = Author.Converter.class,
            description = "The commit's author; default git's user.name and user.email.")
    @Nullable
    Author author;

    @Override
    public Integer call() {
        Author by = author != null ? author : GitAuthor.read();
        // No deadline: a walk over a large directory takes as long as it takes.
        StatO reply = client.ask(
                observer.address(client),
                channel -> StatGrpc.newBlockingStub(channel)
                        .stat(StatI.newBuilder()
                                .setRepo(WireText.bytes(id))
                                .setAuthorName(by.name())
                                .setAuthorEmail(by.email())
                                .setJobControl(JobControl.JC_WAIT)
                                .build()));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else {
            terminal.line("the shadow of " + id + " is up to date");
        }
        return ExitCode.OK;
    }
}
