package io.repowatch.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a data directory from a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes a data directory from a backup, and checks every record on the way.")
final class RestoreCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "TARGET", description = "What \"repowatch backup\" made.")
    Path backup = Path.of("");

    @Parameters(index = "1", paramLabel = "DATA", description = "The data directory to make: empty, or not there yet.")
    Path data = Path.of("");

    @Override
    public Integer call() {
        BackupMarker restored = Backup.restore(backup, data);
        Terminal terminal = Terminal.of(spec);
        Path real = real(data);
        terminal.line("backup of " + restored.data() + " restored to " + real + ": " + restored.contents());
        if (!real.toString().equals(restored.data())) {
            terminal.err()
                    .println(
                            "repowatch: note: the events name shadow repos below "
                                    + Terminal.printable(restored.data())
                                    + "; served from here, repos that had one will store an error until the directory is back there");
        }
        return ExitCode.OK;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
