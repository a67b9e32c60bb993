package io.repowatch.service;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.repowatch.storage.ShellQuote;
import io.repowatch.wire.nogfso.BeginMoveRepoI;
import io.repowatch.wire.nogfso.BeginMoveShadowI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.nogfso.ReposGrpc;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Moves repos and shadow repos. */
@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Moves a repo to another global path, or its shadow to another directory.")
final class MoveCommand implements Runnable {
    private static final Duration LETTING_GO = Duration.ofSeconds(ClientOptions.DEADLINE_SECONDS);

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Terminal.of(spec).commandLine(), "say what to move: repo or shadow");
    }

    @Command(
            name = "repo",
            mixinStandardHelpOptions = true,
            description = "Begins to move a repo to another global path on the same host. The observers do the rest.")
    Integer repo(
            @Mixin ClientOptions client,
            @Mixin WorkflowOption workflow,
            @Mixin WaitOption wait,
            @Option(
                            names = "--unchanged-global-path",
                            description =
                                    "Only the directory moves, as the root's directory has changed; NEWPATH is the"
                                            + " present path.")
                    boolean unchanged,
            @Parameters(paramLabel = "ID", converter = WireText.UuidConverter.class) UUID id,
            @Parameters(paramLabel = "NEWPATH", description = "The new global path.") String path) {
        RepoWorkflow end = client.ask(channel -> {
            GetRepoO repo = GetCommand.getRepo(ReposGrpc.newBlockingStub(channel), id);
            begin(
                    workflow,
                    id,
                    () -> RegistryGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .beginMoveRepo(BeginMoveRepoI.newBuilder()
                                    .setRegistry(repo.getRegistry())
                                    .setRepo(WireText.bytes(id))
                                    .setWorkflow(WireText.bytes(workflow.id()))
                                    .setNewGlobalPath(path)
                                    .setIsUnchangedGlobalPath(unchanged)
                                    .build()));
            return wait.wanted() ? awaitEnd(channel, id, workflow, wait.limit()) : new RepoWorkflow();
        });
        report(client, WorkflowReport.MOVE_REPO, workflow.id(), id, end);
        return exitCode(end, wait, workflow.id(), id);
    }

    @Command(
            name = "shadow",
            mixinStandardHelpOptions = true,
            description = "Begins to move a shadow repo: waits until the observer has let it go, then prints what the"
                    + " operator of the storage host does.")
    Integer shadow(
            @Mixin ClientOptions client,
            @Mixin WorkflowOption workflow,
            @Mixin WaitOption wait,
            @Parameters(paramLabel = "ID", converter = WireText.UuidConverter.class) UUID id,
            @Parameters(
                            paramLabel = "PATH",
                            description = "The new directory of the shadow on the repo's host, absolute.")
                    String path) {
        if (!path.startsWith("/")) {
            throw Failure.usage("\"" + path + "\" is not a directory of a host; write an absolute path");
        }
        return client.ask(channel -> {
            GetRepoO repo = GetCommand.getRepo(ReposGrpc.newBlockingStub(channel), id);
            String old = shadowPath(repo, id);
            begin(
                    workflow,
                    id,
                    () -> ReposGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .beginMoveShadow(BeginMoveShadowI.newBuilder()
                                    .setRepo(WireText.bytes(id))
                                    .setWorkflow(WireText.bytes(workflow.id()))
                                    .setNewShadowPath(path)
                                    .build()));
            RepoWorkflow now =
                    RepoWorkflow.follow(channel, id, workflow.id(), LETTING_GO, w -> w.isDisabled() || w.isOver());
            if (!now.isDisabled() && !now.isOver()) {
                report(client, WorkflowReport.MOVE_SHADOW, workflow.id(), id, now);
                throw Failure.unfinished(
                        "the observer of repo " + id + " has not let the shadow go yet; do not touch it,"
                                + " see 'repowatch why " + id + "', and " + workflow.again());
            }
            if (!now.isOver()) {
                steps(client, workflow.id(), id, now, old, path);
            }
            if (!wait.wanted()) {
                return CommandLine.ExitCode.OK;
            }
            RepoWorkflow end = awaitEnd(channel, id, workflow, wait.limit());
            report(client, WorkflowReport.MOVE_SHADOW, workflow.id(), id, end);
            return exitCode(end, wait, workflow.id(), id);
        });
    }

    private static String shadowPath(GetRepoO repo, UUID id) {
        String shadow = repo.getShadow();
        int colon = shadow.indexOf(':');
        if (colon < 0) {
            throw Failure.refused("repo " + id + " has no shadow yet; see 'repowatch why " + id + "'");
        }
        return shadow.substring(colon + 1);
    }

    private static void begin(WorkflowOption workflow, UUID repo, Supplier<?> call) {
        try {
            var unused = call.get();
        } catch (StatusRuntimeException e) {
            throw workflow.notBegun(repo, e);
        }
    }

    private static RepoWorkflow awaitEnd(
            ManagedChannel channel, UUID repo, WorkflowOption workflow, @Nullable Duration limit) {
        try {
            return RepoWorkflow.follow(channel, repo, workflow.id(), limit, RepoWorkflow::isOver);
        } catch (StatusRuntimeException e) {
            throw workflow.brokenOff(e);
        }
    }

    private void report(ClientOptions client, String kind, UUID workflow, UUID repo, RepoWorkflow now) {
        String state = now.isKnown() ? now.state() : "started";
        new WorkflowReport(workflow, kind, repo, state, now.message()).print(client, Terminal.of(spec));
    }

    private static int exitCode(RepoWorkflow end, WaitOption wait, UUID workflow, UUID repo) {
        if (!wait.wanted()) {
            return CommandLine.ExitCode.OK;
        }
        if (!end.isOver()) {
            throw Failure.unfinished("move " + workflow + " is not over; it goes on, and 'repowatch why " + repo
                    + "' says what it waits for");
        }
        return end.isAborted() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private void steps(ClientOptions client, UUID workflow, UUID repo, RepoWorkflow now, String old, String path) {
        List<String> steps = List.of(
                "mkdir -p -- " + ShellQuote.of(parent(path)),
                "mv -T -- " + ShellQuote.of(old) + " " + ShellQuote.of(path),
                "repowatch commit-move-shadow " + workflow + " --repo " + repo);
        Terminal terminal = Terminal.of(spec);
        if (client.json()) {
            Map<String, Object> json = new LinkedHashMap<>(
                    new WorkflowReport(workflow, WorkflowReport.MOVE_SHADOW, repo, now.state(), "").json());
            json.put("steps", steps);
            terminal.out().println(WireJson.of(json));
            return;
        }
        report(client, WorkflowReport.MOVE_SHADOW, workflow, repo, now);
        terminal.line("The observer has let the shadow go. On its host, do:");
        steps.forEach(step -> terminal.line("    " + step));
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
