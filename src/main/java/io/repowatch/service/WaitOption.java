package io.repowatch.service;

import java.time.Duration;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a command waits for the end of what it begins, and how long. */
final class WaitOption {
    private static final Duration NO_LIMIT = Duration.ZERO;

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "1h",
            converter = DurationConverter.class,
            preprocessor = OnlyAttached.class,
            description = "Wait for the end; with =DURATION no longer than that, after which the exit code is 3 and the"
                    + " workflow goes on.")
    @Nullable
    Duration wait;

    boolean wanted() {
        return wait != null;
    }

    /** How long to wait, null for any time. */
    @Nullable
    Duration limit() {
        return NO_LIMIT.equals(wait) ? null : wait;
    }

    /** Takes a value only where it is attached by an equals sign, so that it does not swallow the id of a repo. */
    static final class OnlyAttached implements IParameterPreprocessor {
        @Override
        public boolean preprocess(Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if ("=".equals(info.get("separator"))) {
                return false;
            }
            option.setValue(NO_LIMIT);
            return true;
        }
    }
}
