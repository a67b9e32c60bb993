package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class RepowatchCommandTest {
    private static Map<String, CommandLine> commands(String... args) {
        return RepowatchCommand.commandLine(CommandLine.defaultFactory(), args).getSubcommands();
    }

    @Test
    void aCommandAloneIsLookedAtWhenItIsNamed() {
        assertThat(commands("observe", "--help")).containsOnlyKeys("observe");
    }

    @Test
    void allAreKnownWhereNoneIsNamedFirst() {
        assertThat(commands()).hasSize(24).containsOnlyKeys(commands("--help").keySet());
        assertThat(commands("obsrve")).hasSize(24);
    }

    @Test
    void eachIsKnownByTheNameThatItsHelpSays() {
        assertThat(commands("--help").entrySet()).allSatisfy(command -> {
            assertThat(command.getValue().getCommandName()).isEqualTo(command.getKey());
            Class<?> type = command.getValue().getCommandSpec().userObject().getClass();
            assertThat(type.getAnnotation(Command.class).name()).isEqualTo(command.getKey());
        });
    }
}
