package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {

    @ParameterizedTest
    @ValueSource(strings = {"a b", "it's", "$(touch x)", "`x`", "a\nb", "'\\\n'", "-rf", "*", "ä ö", "\u001b[2J", "\"", "a\\"})
    void aShellReadsTheSameWord(String text) throws IOException, InterruptedException {
        assertThat(throughTheShell(text)).isEqualTo(text);
        assertThat(Shell.word(text).chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void whatNeedsNoQuotesHasNone() {
        assertThat(Shell.word("/srv/a-b_c/1.fso")).isEqualTo("/srv/a-b_c/1.fso");
        assertThat(Shell.word("")).isEqualTo("''");
    }

    @Test
    void randomWordsSurvive() throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append((char) (1 + random.nextInt(127)));
        }
        assertThat(throughTheShell(text.toString())).as("seed %d", seed).isEqualTo(text.toString());
    }

    private static String throughTheShell(String text) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-c", "printf %s " + Shell.word(text)).start();
        String read = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        return read;
    }
}
