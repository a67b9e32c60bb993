package io.repowatch.service.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs git: takes down what a shadow repo holds, and imports that into an empty repository. */
final class FastImport {
    /** The branch whose tree tells of the data. */
    static final String BRANCH = "refs/heads/master-stat";

    private static final long HOURS = 2;

    private final Map<String, String> environment;
    private final Path log;

    /**
     * As the user has it, but without anybody's configuration.
     *
     * @param more variables of its environment
     */
    FastImport(Path log, Map<String, String> more) {
        this.log = log;
        this.environment = more;
    }

    static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("git", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes the branch as a stream to import. */
    void export(Path repository, Path stream) throws IOException, InterruptedException {
        run(null, stream, repository, "fast-export", BRANCH);
    }

    /** Makes an empty repository. */
    void init(Path repository) throws IOException, InterruptedException {
        Files.createDirectories(repository);
        run(null, null, repository, "init", "--quiet", "--bare");
    }

    void load(Path stream, Path repository) throws IOException, InterruptedException {
        run(stream, null, repository, "fast-import", "--quiet");
    }

    /** The id of the branch's tree. */
    String tree(Path repository) throws IOException, InterruptedException {
        Path answer = Files.createTempFile(log.resolveSibling(""), "tree", ".txt");
        run(null, answer, repository, "rev-parse", BRANCH + "^{tree}");
        return Files.readString(answer);
    }

    /** Fails unless git finds the repository whole. */
    void check(Path repository) throws IOException, InterruptedException {
        run(null, null, repository, "fsck", "--strict", "--no-progress");
    }

    private void run(@Nullable Path in, @Nullable Path out, Path repository, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder git = new ProcessBuilder(command).directory(repository.toFile());
        git.environment().putAll(Map.of("GIT_CONFIG_NOSYSTEM", "1", "HOME", "/nonexistent", "LC_ALL", "C"));
        git.environment().putAll(environment);
        git.redirectInput(in == null ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.from(in.toFile()));
        git.redirectOutput(
                out == null
                        ? ProcessBuilder.Redirect.appendTo(log.toFile())
                        : ProcessBuilder.Redirect.to(out.toFile()));
        git.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = git.start();
        if (!process.waitFor(HOURS, TimeUnit.HOURS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(
                    "git " + String.join(" ", arguments) + " failed in " + repository + ": " + Files.readString(log));
        }
    }
}
