package io.repowatch.service.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Where rows work: a directory of their own that is removed at the end, and what the user has asked for.
 *
 * @param directory empty at first
 * @param repos how many repos or other items a row shall have instead of its own number
 * @param progress where rows say what they are doing
 */
record Workshop(Path directory, OptionalInt repos, PrintWriter progress) implements AutoCloseable {
    static Workshop open(OptionalInt repos, PrintWriter progress) throws IOException {
        return new Workshop(Files.createTempDirectory("repowatch-bench"), repos, progress);
    }

    /** A new directory. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /** Where processes say what goes wrong. */
    Path log() {
        return directory.resolve("log");
    }

    int repos(int usual) {
        return repos.orElse(usual);
    }

    void say(String what) {
        progress.println(what);
        progress.flush();
    }

    @Override
    public void close() throws IOException {
        delete(directory);
    }

    /** Removes a directory and all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
