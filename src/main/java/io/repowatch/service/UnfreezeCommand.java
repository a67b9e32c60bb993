package io.repowatch.service;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the files of a frozen repo changeable again. */
@Command(
        name = "unfreeze",
        mixinStandardHelpOptions = true,
        description =
                "Makes the files of a frozen repo changeable as they were before, and records that in its shadow.")
final class UnfreezeCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    FreezeRun run = new FreezeRun();

    @Override
    public Integer call() {
        return run.run(FreezeCalls.UNFREEZE, Terminal.of(spec));
    }
}
