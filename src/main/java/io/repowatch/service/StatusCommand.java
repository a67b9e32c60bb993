package io.repowatch.service;

import io.repowatch.wire.v1.GetStatusReply;
import io.repowatch.wire.v1.GetStatusRequest;
import io.repowatch.wire.v1.ObserverStatusGrpc;
import io.repowatch.wire.v1.RepoStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what the observer is doing. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says how many repos are in which state; with --state, which, why and since when.")
final class StatusCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Mixin
    ObserverOption observer = new ObserverOption();

    @Option(names = "--state", paramLabel = "S", description = "List the repos in this state.")
    @Nullable
    String state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "List at most this many repos; default ${DEFAULT-VALUE}.")
    int limit = 100;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw Failure.usage("--limit " + limit + " is not a number of repos; it must be at least 1");
        }
        GetStatusRequest request = GetStatusRequest.newBuilder()
                .setState(state == null ? "" : state)
                .setLimit(limit)
                .build();
        GetStatusReply reply = client.ask(
                observer.address(client),
                channel -> ObserverStatusGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                        .getStatus(request));
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            terminal.out().println(WireJson.of(reply));
        } else if (state == null) {
            printCounts(terminal, reply);
        } else {
            printRepos(terminal, reply);
        }
        return ExitCode.OK;
    }

    private static void printCounts(Terminal terminal, GetStatusReply reply) {
        List<List<String>> rows = new ArrayList<>();
        reply.getCountsList().forEach(c -> rows.add(List.of(c.getState(), Long.toString(c.getCount()))));
        rows.add(List.of("total", Long.toString(reply.getTotal())));
        terminal.table(List.of("STATE", "REPOS"), rows);
        List<List<String>> parts = new ArrayList<>();
        reply.getPartsList().forEach(c -> parts.add(List.of(c.getPart(), Long.toString(c.getCount()))));
        if (!parts.isEmpty()) {
            terminal.table(List.of("WORKFLOW", "RUNNING"), parts);
        }
    }

    private static void printRepos(Terminal terminal, GetStatusReply reply) {
        List<List<String>> rows = new ArrayList<>();
        for (RepoStatus repo : reply.getReposList()) {
            String since = Instant.ofEpochMilli(repo.getSinceMs()).toString();
            rows.add(List.of(WireText.uuid(repo.getRepo()), since, repo.getGlobalPath(), why(repo)));
        }
        terminal.table(List.of("REPO", "SINCE", "PATH", "WHY"), rows);
        if (reply.getTruncated()) {
            terminal.line("… and more; raise --limit to see them");
        }
    }

    private static String why(RepoStatus repo) {
        StringBuilder why = new StringBuilder(repo.getWhy());
        if (!repo.getLastError().isEmpty() && !repo.getLastError().equals(repo.getWhy())) {
            why.append(why.isEmpty() ? "" : "; ").append(repo.getLastError());
        }
        if (repo.getNextRetryMs() != 0) {
            why.append("; next attempt ").append(Instant.ofEpochMilli(repo.getNextRetryMs()));
        }
        return why.toString();
    }
}
