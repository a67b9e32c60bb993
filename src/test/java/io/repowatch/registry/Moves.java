package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.Vid;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.BeginMoveRepoI;
import io.repowatch.wire.nogfso.BeginMoveShadowI;
import io.repowatch.wire.nogfso.CommitMoveRepoI;
import io.repowatch.wire.nogfso.CommitMoveShadowI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedI;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedI;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledI;
import io.repowatch.wire.nogfso.RepoInfo;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.AbortRequest;
import io.repowatch.wire.v1.LookupReply;
import io.repowatch.wire.v1.LookupRequest;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Short words for what tests of moves do to a registry. Each emits the version that answers. */
final class Moves {
    static final UUID WORKFLOW = new UUID(20, 1);
    static final UUID OTHER = new UUID(20, 2);

    final Fixture fixture;
    private final String registry;

    Moves(Fixture fixture) {
        this(fixture, Fixture.REG);
    }

    private Moves(Fixture fixture, String registry) {
        this.fixture = fixture;
        this.registry = registry;
    }

    /** The same words for another registry. */
    Moves in(String name) {
        return new Moves(fixture, name);
    }

    /** A repo with a shadow at {@code /shadow<path>}. */
    ByteString repo(String path) {
        ByteString repo = fixture.initRepo(path).getRepo();
        confirm(repo, "/shadow" + path);
        return repo;
    }

    void confirm(ByteString repo, String shadow) {
        Fixture.done(fixture.registry.confirmShadow(
                Fixture.CALLER,
                ConfirmShadowI.newBuilder().setRepo(repo).setShadowPath(shadow).build()));
    }

    static BeginMoveRepoI.Builder move(ByteString repo, UUID workflow, String path) {
        return BeginMoveRepoI.newBuilder()
                .setRegistry(Fixture.REG)
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(workflow))
                .setNewGlobalPath(path);
    }

    Mono<Vid> begin(ByteString repo, UUID workflow, String path) {
        return begin(move(repo, workflow, path));
    }

    Mono<Vid> begin(BeginMoveRepoI.Builder request) {
        return fixture.registry
                .beginMoveRepo(Fixture.CALLER, request.build())
                .map(reply -> Fixture.vid(reply.getVid()));
    }

    Mono<Vid> accept(ByteString repo, UUID workflow) {
        return fixture.registry
                .postMoveRepoAppAccepted(
                        Fixture.CALLER,
                        PostMoveRepoAppAcceptedI.newBuilder()
                                .setRepo(repo)
                                .setWorkflow(Fixture.bytes(workflow))
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    Mono<Vid> release(ByteString repo, UUID workflow) {
        return fixture.registry
                .postMoveRepoStaReleased(
                        Fixture.CALLER,
                        PostMoveRepoStaReleasedI.newBuilder()
                                .setRepo(repo)
                                .setWorkflow(Fixture.bytes(workflow))
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    static CommitMoveRepoI.Builder commitRequest(ByteString repo, UUID workflow, String shadow) {
        return CommitMoveRepoI.newBuilder()
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(workflow))
                .setNewShadowPath(shadow);
    }

    Mono<Vid> commit(ByteString repo, UUID workflow, String shadow) {
        return fixture.registry
                .commitMoveRepo(
                        Fixture.CALLER, commitRequest(repo, workflow, shadow).build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    /** All of it. */
    void complete(ByteString repo, UUID workflow, String path) {
        Fixture.done(begin(repo, workflow, path));
        Fixture.done(accept(repo, workflow));
        Fixture.done(release(repo, workflow));
        Fixture.done(commit(repo, workflow, "/shadow" + path));
    }

    static BeginMoveShadowI.Builder moveShadow(ByteString repo, UUID workflow, String path) {
        return BeginMoveShadowI.newBuilder()
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(workflow))
                .setNewShadowPath(path);
    }

    Mono<Vid> beginShadow(ByteString repo, UUID workflow, String path) {
        return fixture.registry
                .beginMoveShadow(
                        Fixture.CALLER, moveShadow(repo, workflow, path).build())
                .map(reply -> Fixture.vid(reply.getVid()));
    }

    Mono<Vid> disable(ByteString repo, UUID workflow) {
        return fixture.registry
                .postMoveShadowStaDisabled(
                        Fixture.CALLER,
                        PostMoveShadowStaDisabledI.newBuilder()
                                .setRepo(repo)
                                .setWorkflow(Fixture.bytes(workflow))
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    Mono<Vid> commitShadow(ByteString repo, UUID workflow) {
        return fixture.registry
                .commitMoveShadow(
                        Fixture.CALLER,
                        CommitMoveShadowI.newBuilder()
                                .setRepo(repo)
                                .setWorkflow(Fixture.bytes(workflow))
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    Mono<Vid> abort(UUID workflow, String reason) {
        return fixture.registry
                .abort(
                        Fixture.CALLER,
                        AbortRequest.newBuilder()
                                .setRegistry(registry)
                                .setWorkflow(Fixture.bytes(workflow))
                                .setReason(reason)
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    LookupReply lookup(UUID workflow) {
        return Fixture.done(fixture.registry.lookup(
                Fixture.CALLER,
                LookupRequest.newBuilder()
                        .setRegistry(registry)
                        .setWorkflow(Fixture.bytes(workflow))
                        .build()));
    }

    static StreamId stream(UUID workflow) {
        return Category.WORKFLOW.stream(workflow);
    }

    List<WorkflowEvent> events(UUID workflow) {
        return fixture.stored(stream(workflow)).stream()
                .map(event -> Replay.parsed(MoveAggregate.INSTANCE, workflow, event))
                .toList();
    }

    /** The types without what they have in common. */
    List<String> words(UUID workflow) {
        return words(events(workflow).stream().map(WorkflowEvent::getEvent));
    }

    /** The types without what they have in common. */
    static List<String> words(Stream<? extends Enum<?>> types) {
        return types.map(type -> type.name().replace("EV_FSO_", "")).toList();
    }

    /** What listings say, in the order of paths. */
    List<String> listed() {
        return Fixture.done(fixture.registry.getRepos(
                        Fixture.CALLER,
                        GetReposI.newBuilder().setRegistry(registry).build()))
                .getReposList()
                .stream()
                .map(RepoInfo::getGlobalPath)
                .toList();
    }
}
