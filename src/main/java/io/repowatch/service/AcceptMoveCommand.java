package io.repowatch.service;

import io.grpc.Channel;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedI;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.v1.LookupReply;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Agrees to a move in the application's place. */
@Command(
        name = "accept-move",
        mixinStandardHelpOptions = true,
        description =
                "Agrees to a move, in the place of the application that uses the repo; needed where the registry does"
                        + " not agree by itself (--move-accept=manual).")
final class AcceptMoveCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Mixin
    WorkflowLookup lookup = new WorkflowLookup();

    @Parameters(
            paramLabel = "WORKFLOW|REPO",
            converter = WireText.WorkflowConverter.class,
            description = "The move, or the repo that is to move.")
    UUID id = new UUID(0, 0);

    private record Move(UUID repo, UUID workflow) {}

    @Override
    public Integer call() {
        Move accepted = client.ask(channel -> {
            Move move = move(channel);
            var unused = ReposGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .postMoveRepoAppAccepted(PostMoveRepoAppAcceptedI.newBuilder()
                            .setRepo(WireText.bytes(move.repo()))
                            .setWorkflow(WireText.bytes(move.workflow()))
                            .build());
            return move;
        });
        new WorkflowReport(accepted.workflow(), WorkflowReport.MOVE_REPO, accepted.repo(), "accepted", "")
                .print(client, Terminal.of(spec));
        return ExitCode.OK;
    }

    private Move move(Channel channel) {
        Optional<LookupReply> workflow = lookup.search(channel, id);
        if (workflow.isEmpty()) {
            return new Move(id, activeMove(channel));
        }
        if (!workflow.get().getKind().equals(WorkflowReport.MOVE_REPO)) {
            throw Failure.refused("workflow " + id + " is no move of a repo but a "
                    + workflow.get().getKind() + ", which nobody has to accept");
        }
        return new Move(WireText.id(workflow.get().getRepo()), id);
    }

    /** The move of the repo that has begun and is not done. */
    private UUID activeMove(Channel channel) {
        // An unknown repo is said to be so here.
        var unused = GetCommand.getRepo(ReposGrpc.newBlockingStub(channel), id);
        UUID active = EntityIds.NIL;
        Iterator<RepoEventsO> replies = ReposGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                .events(RepoEventsI.newBuilder().setRepo(WireText.bytes(id)).build());
        while (replies.hasNext()) {
            for (RepoEvent event : replies.next().getEventsList()) {
                active = switch (event.getEvent()) {
                    case EV_FSO_REPO_MOVE_STARTED -> WireText.id(event.getWorkflowId());
                    case EV_FSO_REPO_MOVED -> EntityIds.NIL;
                    default -> active;
                };
            }
        }
        if (active.equals(EntityIds.NIL)) {
            throw Failure.refused(
                    "repo " + id + " is not being moved; begin with 'repowatch move repo " + id + " NEWPATH'");
        }
        return active;
    }
}
