package io.repowatch.service;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import reactor.core.publisher.Mono;

/** The command line. Exit codes: 0 success, 1 refused or not found, 2 wrong usage, 3 not done yet. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Logs.configure(Logs.Form.HUMAN);
        Charset terminal = Charset.defaultCharset();
        PrintWriter out = new PrintWriter(System.out, true, terminal);
        PrintWriter err = new PrintWriter(System.err, true, terminal);
        System.exit(run(out, err, args));
    }

    /** Runs one command; writes results to {@code out} and everything else to {@code err}. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(CommandLine.defaultFactory(), out, err, args);
    }

    /** The same with commands that a test makes. */
    static int run(CommandLine.IFactory commands, PrintWriter out, PrintWriter err, String... args) {
        CommandLine commandLine = RepowatchCommand.commandLine(commands, args)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Main::usageError)
                .setExecutionExceptionHandler(Main::failure);
        int code = commandLine.execute(args);
        out.flush();
        err.flush();
        return code;
    }

    /** Waits for a value. The only place that blocks on a publisher; for the main thread and the one that ends the
     * process, which have nothing else to do. */
    static <T> @Nullable T await(Mono<T> mono) {
        return mono.block();
    }

    private static int usageError(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        complain(command, e.getMessage());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for what it takes.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failure(Exception e, CommandLine command, CommandLine.ParseResult result) {
        if (e instanceof Failure failure) {
            complain(command, failure.getMessage());
            return failure.exitCode();
        }
        LOG.error("unexpected", e);
        complain(command, "unexpected failure: " + e + "; the log has the details");
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void complain(CommandLine command, @Nullable String message) {
        command.getErr().println("repowatch: " + Terminal.printable(String.valueOf(message)));
    }
}
