package io.repowatch.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The top of the command line. */
@Command(
        name = "repowatch",
        mixinStandardHelpOptions = true,
        versionProvider = RepowatchCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Gives every project directory a shadow git repo and keeps following it.",
        subcommands = {
            ServeCommand.class,
            RegistryCommand.class,
            ObserveCommand.class,
            InitCommand.class,
            TrackCommand.class,
            GetCommand.class,
            InfoCommand.class,
            EventsCommand.class,
            ClearErrorCommand.class,
            StatCommand.class,
            StatusCommand.class,
            WhyCommand.class,
            PlanCommand.class,
            MoveCommand.class,
            AcceptMoveCommand.class,
            CommitMoveShadowCommand.class,
            FreezeCommand.class,
            UnfreezeCommand.class,
            AbortCommand.class,
            PingCommand.class,
            BenchCommand.class,
            SimulateCommand.class
        })
final class RepowatchCommand implements Runnable {
    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Terminal.of(spec).commandLine(), "a command is missing");
    }

    /** The version of the jar that runs. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RepowatchCommand.class.getPackage().getImplementationVersion();
            return new String[] {"repowatch " + (version == null ? "(not packaged)" : version)};
        }
    }
}
