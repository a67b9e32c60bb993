package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong usage: exit code 2, and an error that names the value and says what to do. */
class UsageTest {
    private static final String ID = "0d7d29c1-6e2f-4c52-9d5a-9f3a1b2c3d4e";

    static List<Arguments> wrongUsage() {
        return List.of(
                wrong("a command is missing"),
                wrong("say what to get", "get"),
                wrong("say what to make", "init"),
                wrong("say whose events", "events"),
                wrong("REG", "get", "repos"),
                wrong("\"7550\" is not an address; write HOST:PORT", "get", "registries", "--server", "7550"),
                wrong("\"h:70000\" is not an address", "get", "registries", "--server", "h:70000"),
                wrong("\"::1:7550\" is not an address", "get", "registries", "--server", "::1:7550"),
                wrong("\"abc\" is not a repo id", "get", "repo", "abc"),
                wrong("\"1-1-1-1-1\" is not a repo id", "clear-error", "1-1-1-1-1"),
                wrong("not an event id: \"x\"", "events", "registry", "r", "--after", "x"),
                wrong("--author", "init", "repo", "r", "/p"),
                wrong("say what to move: repo or shadow", "move"),
                wrong("\"abc\" is not a repo id", "move", "repo", "abc", "/p"),
                wrong("\"abc\" is not a workflow id", "move", "repo", ID, "/p", "--workflow", "abc"),
                wrong("\"1 min\" is not a duration", "move", "repo", ID, "/p", "--wait=1 min"),
                wrong("\"shadow\" is not a directory of a host", "move", "shadow", ID, "shadow"),
                wrong("\"abc\" is not a workflow id; write a UUID", "commit-move-shadow", "abc"),
                wrong("\"abc\" is not a workflow id", "accept-move", "abc"),
                wrong("\"abc\" is not a workflow id", "abort", "abc"),
                wrong("\"abc\" is not a repo id", "freeze", "--wait", "abc"),
                wrong("\"me\" is not an author", "unfreeze", ID, "--author", "me"),
                wrong("\"abc\" is not a workflow id", "events", "workflow", "abc"),
                wrong("REG", "ping"),
                wrong("--prefix: not an absolute path: \"data\"", "plan", "--prefix", "data"),
                wrong("\"me\" is not an author; write 'Name <mail>'", "init", "repo", "r", "/p", "--author", "me"),
                wrong("\"/d\" is not a directory on a host; write HOST:DIR", "init", "root", "r", "/g", "/d"),
                wrong("--limit 0 is not a number of repos", "status", "--limit", "0"),
                wrong("\"0\" is not a depth; write a number from 1 to 9, or none", "serve", "--track", "0"),
                wrong("\"1 min\" is not a duration; write 500ms", "serve", "--track-interval", "1 min"),
                wrong("192.0.2.1:1 is not a loopback address", "serve", "--grpc", "192.0.2.1:1"),
                wrong("/no/such/directory is not there", "serve", "/no/such/directory"),
                wrong("192.0.2.1:1 is not a loopback address", "serve", "--http", "192.0.2.1:1"),
                wrong("192.0.2.1:1 is not a loopback address", "registry", "--grpc", "192.0.2.1:1"),
                wrong("192.0.2.1:1 is not a loopback address", "observe", "--server", "192.0.2.1:1"),
                wrong("--registry needs a name", "observe", "--registry", ""),
                wrong("--prefix: not an absolute path: \"data\"", "observe", "--prefix", "data"),
                wrong("--repo-reads must be from 1 to 200: 0", "observe", "--repo-reads", "0"),
                wrong("--repo-reads must be from 1 to 200: 201", "plan", "--repo-reads", "201"),
                wrong("--stat-interval 10ms is too short", "observe", "--stat-interval", "10ms"),
                wrong("--root", "track", "local", "--author", "N <n@localhost>"),
                wrong("--root: not an absolute path: \"data\"", "track", "r", "--root", "data", "--author", "N <n@h>"),
                wrong("--depth needs a number", "track", "r", "--root", "/d", "--depth", "none", "--author", "N <n@h>"),
                wrong("/local is mapped twice", "serve", "/tmp", "--root", "/local=/var"),
                wrong("not an absolute path: \"relative\"", "serve", "--root", "relative=/tmp"));
    }

    private static Arguments wrong(String message, String... args) {
        return Arguments.of(message, args);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongUsage")
    void wrongUsageExitsWithTwoAndSaysWhy(String message, String[] args) {
        Cli cli = Cli.run(args);

        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).startsWith("repowatch: ").contains(message);
    }

    @Test
    void helpGoesToStandardOutput() {
        Cli cli = Cli.run("serve", "--help");

        assertThat(cli.exitCode()).isZero();
        assertThat(cli.err()).isEmpty();
        assertThat(cli.out()).contains("--track-interval", "--data");
    }

    @Test
    void noServerIsSaidWithTheAddressAndWhatToDo() {
        Cli cli = Cli.run("get", "registries", "--server", "127.0.0.1:1");

        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.err())
                .startsWith("repowatch: no server answers at 127.0.0.1:1; start one with 'repowatch serve'");
    }
}
