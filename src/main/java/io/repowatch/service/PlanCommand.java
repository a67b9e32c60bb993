package io.repowatch.service;

import io.grpc.ManagedChannel;
import io.repowatch.client.Channels;
import io.repowatch.client.ClientConfig;
import io.repowatch.client.GrpcEventSource;
import io.repowatch.client.TransportException;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.PlannedAction;
import io.repowatch.observer.Planner;
import io.repowatch.wire.nogfso.InfoI;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Says what an observer would do. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Says what an observer with these options would do if it were started now, and why. Writes and posts"
                        + " nothing. Takes the options of observe; those that say where to listen and how to log have no effect.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:there is nothing to do",
            "1:refused, or no answer",
            "2:wrong usage",
            "3:there is something to do"
        })
final class PlanCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ObserveOptions options = new ObserveOptions();

    @Mixin
    StorageOptions storage = new StorageOptions();

    @Mixin
    ServerOptions server = new ServerOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table for people, json for machines: one document.")
    ClientOptions.Format format = ClientOptions.Format.TABLE;

    @Option(
            names = "--all",
            description = "Also list the repos that would only be enabled, which every start of an observer does.")
    boolean all;

    @Override
    public Integer call() {
        ObserverConfig config = ObserveOptions.config(
                        options.checkedRegistries(),
                        options.checkedPrefixes(),
                        ServeConfig.names("--host", storage.hosts))
                .repoReads(options.checkedRepoReads())
                .build();
        PlanReport report = new PlanReport(all);
        ClientOptions client = new ClientOptions();
        client.server = options.registryServer;
        // The stream of an unknown registry is empty by contract, and there would be nothing to do.
        config.registries()
                .forEach(name -> client.askRegistry(
                        name,
                        stub -> stub.info(InfoI.newBuilder().setRegistry(name).build())));
        plan(config, report::add);
        Terminal terminal = Terminal.of(spec);
        if (format == ClientOptions.Format.JSON) {
            terminal.out().println(WireJson.of(report.json()));
        } else {
            report.print(terminal);
        }
        return report.isEmpty() ? ExitCode.OK : Failure.SOMETHING_LEFT;
    }

    private void plan(ObserverConfig config, Consumer<PlannedAction> each) {
        ManagedChannel channel = Channels.plaintext(options.registryServer.loopback());
        Scheduler timer = Schedulers.newSingle("repowatch-timer", true);
        ClientConfig clientConfig =
                ClientConfig.builder().timer(timer).random(new SecureRandom()).build();
        try {
            Main.await(new Planner(config, new GrpcEventSource(channel, clientConfig))
                    .plan()
                    .doOnNext(each)
                    .then());
        } catch (TransportException e) {
            throw Failure.refused(Objects.requireNonNullElse(e.getMessage(), e.code()), e);
        } finally {
            channel.shutdownNow();
            timer.dispose();
        }
    }
}
