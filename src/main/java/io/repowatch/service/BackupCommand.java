package io.repowatch.service;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a data directory, whether a process serves it or not. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Copies a data directory, also while it is served. The copy has everything that was answered before"
                        + " the command began.")
final class BackupCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DATA", description = "The data directory of serve or registry.")
    Path data = Path.of("");

    @Parameters(index = "1", paramLabel = "TARGET", description = "A directory that is empty or does not exist yet.")
    Path target = Path.of("");

    @Option(
            names = "--journal-only",
            description = "Leave out the shadow repos, which may be large and may be backed up by other means.")
    boolean journalOnly;

    @Override
    public Integer call() {
        BackupMarker made = Backup.make(data, target, journalOnly);
        Terminal.of(spec).line("backup of " + made.data() + " made in " + target + ": " + made.contents());
        return ExitCode.OK;
    }
}
