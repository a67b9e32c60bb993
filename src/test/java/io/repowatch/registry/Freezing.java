package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginFreezeRepoO;
import io.repowatch.wire.nogfso.BeginPingRegistryI;
import io.repowatch.wire.nogfso.BeginPingRegistryO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoO;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.GetFreezeRepoI;
import io.repowatch.wire.nogfso.GetFreezeRepoO;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Short words for what tests do with freezes and pings. */
final class Freezing {
    final Fixture fixture;
    final ByteString repo;

    /** A registry with one repo, {@code /data/a}, whose shadow exists. */
    Freezing(Fixture fixture) {
        this.fixture = fixture;
        this.repo = ready("/data/a");
    }

    /** A registry with a root, with one more repo whose shadow exists. */
    Freezing(Fixture fixture, String path) {
        this.fixture = fixture;
        this.repo = ready(path);
    }

    private Freezing(Fixture fixture, ByteString repo) {
        this.fixture = fixture;
        this.repo = repo;
    }

    /** The same repo, seen through another server. */
    Freezing on(Fixture other) {
        return new Freezing(other, repo);
    }

    ByteString ready(String path) {
        ByteString id = fixture.initRepo(path).getRepo();
        Fixture.done(fixture.registry.confirmShadow(
                Fixture.CALLER,
                ConfirmShadowI.newBuilder()
                        .setRepo(id)
                        .setShadowPath("/shadow" + path)
                        .build()));
        return id;
    }

    static UUID workflow(int number) {
        return new UUID(0x4000, 0x8000_0000_0000_0000L + number);
    }

    BeginFreezeRepoI.Builder request(UUID workflow) {
        return BeginFreezeRepoI.newBuilder()
                .setRegistry(Fixture.REG)
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(workflow))
                .setAuthorName("A")
                .setAuthorEmail("a@example.org");
    }

    BeginUnfreezeRepoI.Builder unfreezeRequest(UUID workflow) {
        return BeginUnfreezeRepoI.newBuilder()
                .setRegistry(Fixture.REG)
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(workflow))
                .setAuthorName("A")
                .setAuthorEmail("a@example.org");
    }

    Mono<BeginFreezeRepoO> begin(UUID workflow) {
        return fixture.registry.beginFreezeRepo(
                Fixture.CALLER, request(workflow).build());
    }

    Mono<BeginUnfreezeRepoO> beginUnfreeze(UUID workflow) {
        return fixture.registry.beginUnfreezeRepo(
                Fixture.CALLER, unfreezeRequest(workflow).build());
    }

    Mono<Vid> commitFiles(UUID workflow) {
        return fixture.registry
                .commitFreezeRepoFiles(
                        Fixture.CALLER,
                        CommitFreezeRepoFilesI.newBuilder()
                                .setWorkflow(Fixture.bytes(workflow))
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    Mono<Vid> commitUnfreezeFiles(UUID workflow) {
        return fixture.registry
                .commitUnfreezeRepoFiles(
                        Fixture.CALLER,
                        CommitUnfreezeRepoFilesI.newBuilder()
                                .setWorkflow(Fixture.bytes(workflow))
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    Mono<Vid> abortFiles(UUID workflow, int code, String message) {
        return fixture.registry
                .abortFreezeRepoFiles(
                        Fixture.CALLER,
                        AbortFreezeRepoFilesI.newBuilder()
                                .setWorkflow(Fixture.bytes(workflow))
                                .setStatusCode(code)
                                .setStatusMessage(message)
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    Mono<Vid> abortUnfreezeFiles(UUID workflow, int code, String message) {
        return fixture.registry
                .abortUnfreezeRepoFiles(
                        Fixture.CALLER,
                        AbortUnfreezeRepoFilesI.newBuilder()
                                .setWorkflow(Fixture.bytes(workflow))
                                .setStatusCode(code)
                                .setStatusMessage(message)
                                .build())
                .map(reply -> Fixture.vid(reply.getWorkflowVid()));
    }

    /** Freezes the repo. */
    void freeze(UUID workflow) {
        Fixture.done(begin(workflow));
        Fixture.done(commitFiles(workflow));
    }

    Mono<GetFreezeRepoO> get(UUID workflow, io.repowatch.wire.nogfso.JobControl control) {
        return fixture.registry.getFreezeRepo(
                Fixture.CALLER,
                GetFreezeRepoI.newBuilder()
                        .setWorkflow(Fixture.bytes(workflow))
                        .setJobControl(control)
                        .build());
    }

    Mono<BeginPingRegistryO> beginPing(UUID workflow) {
        return fixture.registry.beginPingRegistry(
                Fixture.CALLER,
                BeginPingRegistryI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setWorkflow(Fixture.bytes(workflow))
                        .build());
    }

    StorageTierCode tier() {
        return fixture.getRepo(repo).getStorageTier();
    }

    /** What registry and repo each say of the tier. */
    String tiers() {
        RegistryState state = Fixture.done(Replay.of(fixture.journal, AggregateRef.registry(Fixture.REG)))
                .state();
        RegistryRepo known = state.repo(Fixture.uuid(repo));
        return (known == null ? "none" : known.tier()) + " " + tier();
    }

    List<WorkflowEvent> events(UUID workflow) {
        return workflowEvents(fixture, workflow);
    }

    List<WorkflowEvent> index() {
        return workflowEvents(fixture, EntityIds.workflowIndex(Fixture.REG));
    }

    static List<WorkflowEvent> workflowEvents(Fixture fixture, UUID id) {
        return fixture.stored(Category.EPHEMERAL_WORKFLOW.stream(id)).stream()
                .map(event -> Replay.parsed(EphemeralAggregate.INSTANCE, id, event))
                .toList();
    }

    /** The parts of an append as letters of registry specification §5.3 with the names of the event types. */
    static List<String> sequence(List<Append> append) {
        List<String> lines = new ArrayList<>();
        for (Append part : append) {
            Category category = Category.of(part.stream());
            for (StoredEvent event : part.events()) {
                lines.add(line(category, part.stream().entity(), event));
            }
        }
        return lines;
    }

    private static String line(Category category, UUID entity, StoredEvent event) {
        return switch (category) {
            case REGISTRY ->
                "R " + Replay.parsed(RegistryAggregate.INSTANCE, entity, event).getEvent();
            case REPO ->
                "P " + Replay.parsed(RepoAggregate.INSTANCE, entity, event).getEvent();
            default ->
                (entity.equals(EntityIds.workflowIndex(Fixture.REG)) ? "X " : "W ")
                        + Replay.parsed(EphemeralAggregate.INSTANCE, entity, event)
                                .getEvent();
        };
    }
}
