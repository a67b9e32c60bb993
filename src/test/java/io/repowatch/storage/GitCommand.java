package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The git command line, without anybody's configuration. */
final class GitCommand {
    private final Path directory;

    GitCommand(Path directory) {
        this.directory = directory;
    }

    String run(String... arguments) {
        return new String(bytes(arguments), StandardCharsets.UTF_8);
    }

    byte[] bytes(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_AUTHOR_NAME", "t",
                        "GIT_AUTHOR_EMAIL", "t@t",
                        "GIT_COMMITTER_NAME", "t",
                        "GIT_COMMITTER_EMAIL", "t@t",
                        "LC_ALL", "C.UTF-8"));
        try {
            Process process = builder.start();
            byte[] out = process.getInputStream().readAllBytes();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", command, new String(out, StandardCharsets.UTF_8))
                    .isZero();
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing to complain about, dangling objects included. */
    void requireClean() {
        assertThat(run("fsck", "--strict", "--no-progress")).isEmpty();
    }

    /** Path (bytes as ISO 8859-1) to mode and id, of all blobs. */
    Map<String, String> tree(String commit) {
        Map<String, String> entries = new TreeMap<>();
        String all = new String(bytes("ls-tree", "-r", "-z", commit), StandardCharsets.ISO_8859_1);
        for (String line : all.split("\0")) {
            if (!line.isEmpty()) {
                String[] parts = line.split("\t", 2);
                entries.put(parts[1], parts[0].replace(" blob", ""));
            }
        }
        return entries;
    }

    String show(String branch, String path) {
        return run("show", branch + ":" + path);
    }
}
