package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShellQuoteTest {
    @Test
    void aShellReadsBackWhatWasQuoted() throws IOException, InterruptedException {
        long seed = Long.getLong("repowatch.seed", 20260304);
        Random random = new Random(seed);
        List<byte[]> words = new ArrayList<>(List.of(
                "plain".getBytes(StandardCharsets.US_ASCII),
                "it's".getBytes(StandardCharsets.US_ASCII),
                "\n7".getBytes(StandardCharsets.US_ASCII),
                "\u00fc'\\".getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 300; i++) {
            byte[] word = new byte[random.nextInt(12)];
            for (int k = 0; k < word.length; k++) {
                word[k] = (byte) (1 + random.nextInt(255));
            }
            words.add(word);
        }
        StringBuilder script = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (byte[] word : words) {
            script.append("printf '%s\\0' ").append(ShellQuote.of(word)).append('\n');
            expected.append(new String(word, StandardCharsets.ISO_8859_1)).append('\0');
        }
        assertThat(script.chars()).allMatch(c -> c < 0x7F);
        assertThat(FileFacts.run("bash", "-c", script.toString()))
                .as("seed %s", seed)
                .isEqualTo(expected.toString());
    }

    @Test
    void whatNeedsNoEscapesStandsInSingleQuotes() {
        assertThat(ShellQuote.of("/a b/c")).isEqualTo("'/a b/c'");
        assertThat(ShellQuote.of("it's")).isEqualTo("'it'\\''s'");
        assertThat(ShellQuote.of("a\nb")).isEqualTo("$'a\\012b'");
    }
}
