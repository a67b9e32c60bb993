package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs {@link ChildMain} in a JVM of its own: with other rights, in another locale, or to be killed. */
final class ChildJvm {
    /** What a child needs; the rest is large, and not readable for another user. */
    private static final List<String> NEEDED = List.of(
            "org.eclipse.jgit",
            "JavaEWAH",
            "commons-codec",
            "slf4j-api",
            "logback-",
            "reactor-core",
            "reactive-streams",
            "protobuf-java",
            "jna-",
            "jspecify");

    private final List<String> prefix = new ArrayList<>();
    private String classPath = fullClassPath();
    private String locale = "C.UTF-8";

    static String fullClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    ChildJvm locale(String name) {
        locale = name;
        return this;
    }

    /** Runs the child behind another command. */
    ChildJvm behind(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** As a user without rights of its own; when the test has none either, as this user. */
    ChildJvm unprivileged(Path readableByAll) throws IOException {
        if (!System.getProperty("user.name").equals("root")) {
            return this;
        }
        requireProgram("setpriv", "to run as another user");
        classPath = copyClassPath(readableByAll);
        return behind("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    }

    static void requireProgram(String name, String purpose) {
        boolean found = Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        assertThat(found)
                .as("this test needs the program %s %s, which is not on the PATH", name, purpose)
                .isTrue();
    }

    private static String copyClassPath(Path target) throws IOException {
        List<String> copied = new ArrayList<>();
        for (String entry : fullClassPath().split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                Path copy = target.resolve("classes" + copied.size());
                copyTree(path, copy);
                copied.add(copy.toString());
            } else if (NEEDED.stream()
                    .anyMatch(name -> path.getFileName().toString().startsWith(name))) {
                Path copy = target.resolve(path.getFileName());
                Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
                copied.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copied);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                boolean directory = Files.isDirectory(path);
                if (directory) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
                Files.setPosixFilePermissions(
                        copy, PosixFilePermissions.fromString(directory ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    /** The child's exit code and all it printed. */
    record Result(int exit, String output) {}

    Result run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
        return new Result(process.exitValue(), output);
    }

    private Process start(String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = Stream.of(
                        prefix.stream(),
                        Stream.of(
                                java,
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath,
                                ChildMain.class.getName()),
                        Arrays.stream(arguments))
                .flatMap(part -> part)
                .collect(Collectors.toList());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", locale);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.start();
    }
}
