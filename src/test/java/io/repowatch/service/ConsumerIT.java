package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application in {@code src/it/consumer}, with the plain jar and the dependencies that it brings by itself. */
class ConsumerIT {
    // What is optional in the pom, and what only that or the tests need, is not here; a class too few fails the
    // application.
    private static final Pattern BROUGHT = Pattern.compile("(reactor-core|reactive-streams|slf4j-api|jspecify"
            + "|protobuf-java|grpc-(stub|api|protobuf|protobuf-lite|netty|core|context|util)|gson|guava|failureaccess"
            + "|netty-[a-z0-9-]+|perfmark-api|proto-google-common-protos|reactor-grpc-stub|reactive-grpc-common"
            + "|javax.annotation-api|error_prone_annotations|jsr305)-[0-9].*\\.jar");

    @TempDir
    Path temp;

    @Test
    void anotherApplicationObservesARegistryWithThePlainJarAlone() throws IOException, InterruptedException {
        String classPath = plainJar() + File.pathSeparator + String.join(File.pathSeparator, brought());
        assertThat(classPath).doesNotContain("rocksdb", "jgit", "picocli", "logback", "micrometer", "jackson");
        Path classes = compile(classPath);
        Path projects = Files.createDirectory(temp.resolve("projects"));
        Files.createDirectory(projects.resolve("a"));
        try (ServerProcess server = ServerProcess.start(
                temp,
                projects.toString(),
                "--data",
                temp.resolve("data").toString(),
                "--grpc",
                "127.0.0.1:0",
                "--author",
                "N <n@localhost>")) {
            String port = server.awaitReady().replaceAll(".*:", "");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classes + File.pathSeparator + classPath,
                            "consumer.Consumer",
                            port)
                    .redirectError(temp.resolve("consumer.err").toFile())
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(temp.resolve("consumer.err")))
                    .isZero();
            assertThat(out)
                    .contains("first observation: RegistryLoaded[registry=local, repos=1]", "repos in the history: 1");
        }
    }

    private static Path plainJar() throws IOException {
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            return built.filter(path -> path.getFileName().toString().matches("repowatch-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("package the jar first"))
                    .toAbsolutePath();
        }
    }

    private static List<String> brought() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path ->
                        BROUGHT.matcher(Path.of(path).getFileName().toString()).matches())
                .toList();
    }

    private Path compile(String classPath) throws IOException {
        Path classes = Files.createDirectory(temp.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> args =
                new ArrayList<>(List.of("--release", "17", "-proc:none", "-cp", classPath, "-d", classes.toString()));
        try (Stream<Path> sources = Files.walk(Path.of("src/it/consumer/src/main/java"))) {
            sources.filter(path -> path.toString().endsWith(".java"))
                    .map(Path::toString)
                    .forEach(args::add);
        }
        assertThat(compiler.run(null, null, null, args.toArray(String[]::new))).isZero();
        return classes;
    }
}
