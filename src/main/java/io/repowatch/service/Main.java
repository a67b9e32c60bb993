package io.repowatch.service;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import reactor.core.publisher.Mono;

/** The command line. Exit codes: 0 success, 1 refused or not found, 2 wrong usage. */
public final class Main {
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
        CommandLine commandLine = new CommandLine(new RepowatchCommand())
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

    /** Waits for a value. The only place that blocks on a publisher: the main thread has nothing else to do. */
    static <T> @Nullable T await(Mono<T> mono) {
        return mono.block();
    }

    private static int usageError(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        complain(command, e.getMessage());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for what it takes.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failure(Exception e, CommandLine command, CommandLine.ParseResult result) throws Exception {
        if (e instanceof Failure failure) {
            complain(command, failure.getMessage());
            return failure.exitCode();
        }
        throw e;
    }

    private static void complain(CommandLine command, @Nullable String message) {
        command.getErr().println("repowatch: " + message);
    }
}
