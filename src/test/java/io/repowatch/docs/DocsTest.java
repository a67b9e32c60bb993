package io.repowatch.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every Java block of the documentation is compiled: it stands, but for its indentation, in a source file beside this one or in src/it. */
class DocsTest {
    private static final Path EXAMPLES = Path.of("src/test/java/io/repowatch/docs");

    /** Compiled and run by {@code ConsumerIT}. */
    private static final Path CONSUMER = Path.of("src/it/consumer/src/main/java");

    private static final Pattern JAVA_BLOCK =
            Pattern.compile("^[ ]*```java\\s*$(.*?)^[ ]*```[ ]*$", Pattern.MULTILINE | Pattern.DOTALL);

    @Test
    void everyJavaBlockIsPartOfACompiledFile() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path source : files(EXAMPLES, ".java")) {
            sources.add(withoutIndentation(Files.readString(source)));
        }
        for (Path source : files(CONSUMER, ".java")) {
            sources.add(withoutIndentation(Files.readString(source)));
        }
        int blocks = 0;
        for (Path page : pages()) {
            Matcher block = JAVA_BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                String code = withoutIndentation(block.group(1));
                assertThat(sources)
                        .as("a Java block of %s is not in any file of %s or %s:%n%s", page, EXAMPLES, CONSUMER, code)
                        .anyMatch(source -> source.contains(code));
                blocks++;
            }
        }
        assertThat(blocks).as("the guide shows at least one example").isPositive();
    }

    @Test
    void aBlockThatDiffersIsNoticed() {
        Matcher block = JAVA_BLOCK.matcher("text\n```java\nint a;\n  int b;\n```\nmore\n```sh\nls\n```\n");
        assertThat(block.find()).isTrue();
        assertThat(withoutIndentation(block.group(1))).isEqualTo("int a;\nint b;");
        assertThat(block.find()).isFalse();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(files(Path.of("docs"), ".md"));
        Path readme = Path.of("README.md");
        if (Files.exists(readme)) {
            pages.add(readme);
        }
        return pages;
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static String withoutIndentation(String text) {
        return text.strip()
                .lines()
                .map(String::strip)
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }
}
