package io.repowatch.service;

import java.util.LinkedHashMap;
import java.util.Map;
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
        description = "Gives every project directory a shadow git repo and keeps following it.")
final class RepowatchCommand implements Runnable {
    /** The commands by name, in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("serve", ServeCommand.class);
        COMMANDS.put("registry", RegistryCommand.class);
        COMMANDS.put("observe", ObserveCommand.class);
        COMMANDS.put("init", InitCommand.class);
        COMMANDS.put("track", TrackCommand.class);
        COMMANDS.put("get", GetCommand.class);
        COMMANDS.put("info", InfoCommand.class);
        COMMANDS.put("events", EventsCommand.class);
        COMMANDS.put("clear-error", ClearErrorCommand.class);
        COMMANDS.put("stat", StatCommand.class);
        COMMANDS.put("status", StatusCommand.class);
        COMMANDS.put("why", WhyCommand.class);
        COMMANDS.put("plan", PlanCommand.class);
        COMMANDS.put("move", MoveCommand.class);
        COMMANDS.put("accept-move", AcceptMoveCommand.class);
        COMMANDS.put("commit-move-shadow", CommitMoveShadowCommand.class);
        COMMANDS.put("freeze", FreezeCommand.class);
        COMMANDS.put("unfreeze", UnfreezeCommand.class);
        COMMANDS.put("abort", AbortCommand.class);
        COMMANDS.put("ping", PingCommand.class);
        COMMANDS.put("backup", BackupCommand.class);
        COMMANDS.put("restore", RestoreCommand.class);
        COMMANDS.put("bench", BenchCommand.class);
        COMMANDS.put("simulate", SimulateCommand.class);
    }

    @Spec
    @Nullable
    CommandSpec spec;

    /**
     * The command line for these arguments. Knows the command that they begin with, or else all: a process mostly needs one,
     * and to look at the options of all takes 0.3 s of CPU.
     */
    static CommandLine commandLine(CommandLine.IFactory factory, String... args) {
        CommandLine top = new CommandLine(new RepowatchCommand(), factory);
        Class<?> named = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (named != null) {
            top.addSubcommand(args[0], named);
        } else {
            COMMANDS.forEach(top::addSubcommand);
        }
        return top;
    }

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
