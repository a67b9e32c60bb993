package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.StreamId;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsO;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsO;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The stream rules of registry specification §2.2, with many events per message and no repeated will_block. */
class EventStreamTest {
    private static final UUID WORKFLOW = new UUID(5, 5);

    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal).prepared();

    private Flux<RegistryEventsO> events(boolean watch, Vid after) {
        return fixture.registry.registryEvents(
                Fixture.CALLER,
                RegistryEventsI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setWatch(watch)
                        .setAfter(Fixture.bytes(after))
                        .build());
    }

    private static RegistryEventsO.Builder message() {
        return RegistryEventsO.newBuilder().setRegistry(Fixture.REG);
    }

    @Test
    void withoutWatchTheStreamEndsAndNeverSaysWillBlock() {
        StepVerifier.create(events(false, Vid.EPOCH))
                .expectNext(message()
                        .addAllEvents(fixture.registryEvents(Fixture.REG))
                        .build())
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void anUnknownRegistryIsEmpty() {
        RegistryEventsI unknown =
                RegistryEventsI.newBuilder().setRegistry("unknown").build();
        StepVerifier.create(fixture.registry.registryEvents(Fixture.CALLER, unknown))
                .expectComplete()
                .verify(Fixture.PATIENCE);
        StepVerifier.create(fixture.registry.registryEvents(
                        Fixture.CALLER,
                        unknown.toBuilder()
                                .setAfter(Fixture.bytes(new Vid(1, 2)))
                                .build()))
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void afterStartsBehindAnEvent() {
        List<RegistryEvent> all = fixture.registryEvents(Fixture.REG);
        StepVerifier.create(events(false, Fixture.vid(all.get(0).getId())))
                .expectNext(message().addEvents(all.get(1)).build())
                .expectComplete()
                .verify(Fixture.PATIENCE);
        StepVerifier.create(events(false, Fixture.vid(all.get(1).getId())))
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void anUnknownAfterIsRecognisable() {
        assertThat(Fixture.refusal(events(false, new Vid(1, 2)).then()))
                .isEqualTo("OUT_OF_RANGE journal error: db: finding start failed: not found");
        assertThat(Fixture.refusal(events(true, new Vid(1, 2)).then()))
                .isEqualTo("OUT_OF_RANGE journal error: db: finding start failed: not found");
        InitRepoO repo = fixture.initRepo("/data/a");
        RepoEventsI request = RepoEventsI.newBuilder()
                .setRepo(repo.getRepo())
                .setAfter(Fixture.bytes(new Vid(1, 2)))
                .build();
        assertThat(Fixture.refusal(
                        fixture.registry.repoEvents(Fixture.CALLER, request).then()))
                .isEqualTo("OUT_OF_RANGE repo journal error: db: finding start failed: not found");
    }

    @Test
    void malformedRequestsAreInvalidArguments() {
        RegistryEventsI request = RegistryEventsI.newBuilder()
                .setRegistry(Fixture.REG)
                .setAfter(ByteString.copyFromUtf8("short"))
                .build();
        assertThat(Fixture.refusal(
                        fixture.registry.registryEvents(Fixture.CALLER, request).then()))
                .startsWith("INVALID_ARGUMENT malformed after");
        assertThat(Fixture.refusal(fixture.registry
                        .registryEvents(
                                Fixture.CALLER,
                                request.toBuilder().setRegistry("No Name").build())
                        .then()))
                .startsWith("INVALID_ARGUMENT malformed registry name");
        assertThat(Fixture.refusal(fixture.registry
                        .repoEvents(Fixture.CALLER, RepoEventsI.getDefaultInstance())
                        .then()))
                .startsWith("INVALID_ARGUMENT malformed repo id");
    }

    @Test
    void anUnknownRepoIsNotFound() {
        RepoEventsI request =
                RepoEventsI.newBuilder().setRepo(Fixture.bytes(WORKFLOW)).build();
        assertThat(Fixture.refusal(
                        fixture.registry.repoEvents(Fixture.CALLER, request).then()))
                .isEqualTo("NOT_FOUND repos error: uninitialized repo");
    }

    @Test
    void aWatchSaysWillBlockAloneAfterEachDrain() {
        List<RegistryEvent> before = fixture.registryEvents(Fixture.REG);
        StepVerifier.create(events(true, Vid.EPOCH))
                .expectNext(message().addAllEvents(before).build())
                .expectNext(message().setWillBlock(true).build())
                .then(() -> fixture.initRepo("/data/a"))
                .assertNext(news -> {
                    assertThat(news.getEventsList().stream().map(RegistryEvent::getEvent))
                            .containsExactly(
                                    RegistryEvent.Type.EV_FSO_REPO_ACCEPTED, RegistryEvent.Type.EV_FSO_REPO_ADDED);
                    assertThat(news.getWillBlock()).isFalse();
                })
                .expectNext(message().setWillBlock(true).build())
                .thenCancel()
                .verify(Fixture.PATIENCE);
        assertThat(fixture.registry.watching()).isZero();
    }

    @Test
    void aWatchOfAnEmptyHistorySaysWillBlockAtOnce() {
        RegistryEventsI request =
                RegistryEventsI.newBuilder().setRegistry("later").setWatch(true).build();
        RegistryEventsO.Builder later = RegistryEventsO.newBuilder().setRegistry("later");
        List<RegistryEventsO> seen = new ArrayList<>();
        Disposable watch =
                fixture.registry.registryEvents(Fixture.CALLER, request).subscribe(seen::add);
        fixture.initRegistry("later");
        watch.dispose();
        assertThat(seen.get(0)).isEqualTo(later.clone().setWillBlock(true).build());
        assertThat(seen.get(1).getEvents(0).getEvent()).isEqualTo(RegistryEvent.Type.EV_FSO_REGISTRY_ADDED);
        assertThat(seen.get(2)).isEqualTo(later.clone().setWillBlock(true).build());
    }

    @Test
    void manyEventsTravelTogetherUpToTheLimit() {
        for (int i = 0; i < 2_000; i++) {
            fixture.initRepo("/data/" + i);
        }
        List<RegistryEventsO> messages = Fixture.done(events(false, Vid.EPOCH).collectList());
        assertThat(messages.stream().mapToInt(RegistryEventsO::getEventsCount).sum())
                .isEqualTo(4_002);
        assertThat(messages)
                .allSatisfy(message -> assertThat(message.getSerializedSize()).isLessThanOrEqualTo(65_536));
        assertThat(messages.subList(0, messages.size() - 1))
                .as("no message is closed early")
                .allSatisfy(message -> assertThat(message.getSerializedSize()).isGreaterThan(65_000));
        assertThat(messages.stream().flatMap(message -> message.getEventsList().stream()))
                .isEqualTo(fixture.registryEvents(Fixture.REG));
    }

    @Test
    void anEventAboveTheLimitHasAMessageOfItsOwn() {
        StreamId stream = Fixture.registryStream("big");
        for (int i = 1; i <= 3; i++) {
            RegistryEvent event = RegistryEvent.newBuilder()
                    .setFsoRepoReinitReason(i == 2 ? "x".repeat(100_000) : "small")
                    .build();
            fixture.put(stream, new Vid(9, i), event.toByteArray());
        }
        RegistryEventsI request =
                RegistryEventsI.newBuilder().setRegistry("big").build();
        List<RegistryEventsO> messages = Fixture.done(
                fixture.registry.registryEvents(Fixture.CALLER, request).collectList());
        assertThat(messages.stream().map(RegistryEventsO::getEventsCount)).containsExactly(1, 1, 1);
    }

    @Test
    void storedBytesAreHandedOnAsTheyAre() {
        RegistryEvent unknown = RegistryEvent.newBuilder()
                .setEventValue(4711)
                .setId(Fixture.bytes(new Vid(9, 1)))
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder().addVarint(42).build())
                        .build())
                .build();
        fixture.put(Fixture.registryStream("foreign"), new Vid(9, 1), unknown.toByteArray());
        RegistryEventsI request =
                RegistryEventsI.newBuilder().setRegistry("foreign").build();
        byte[] message = Fixture.done(fixture.registry
                .encodedStreams()
                .registryEvents(Fixture.CALLER, request)
                .next());
        assertThat(message)
                .isEqualTo(RegistryEventsO.newBuilder()
                        .setRegistry("foreign")
                        .addEvents(unknown)
                        .build()
                        .toByteArray());
        StepVerifier.create(fixture.registry.registryEvents(Fixture.CALLER, request))
                .assertNext(reply -> assertThat(reply.getEvents(0)).isEqualTo(unknown))
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void demandIsHonoured() {
        RegistryConfig config = RegistryConfig.builder(Schedulers.immediate(), new Random(1))
                .messageBytes(1)
                .build();
        Fixture small = new Fixture(journal, config);
        AtomicInteger served = new AtomicInteger();
        StepVerifier.create(
                        small.registry
                                .encodedStreams()
                                .registryEvents(
                                        Fixture.CALLER,
                                        RegistryEventsI.newBuilder()
                                                .setRegistry(Fixture.REG)
                                                .build())
                                .doOnNext(message -> served.incrementAndGet()),
                        0)
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> assertThat(served).hasValue(1))
                .thenRequest(1)
                .expectNextCount(1)
                .thenRequest(1)
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void aWatchLosesNothingWhileOthersWrite() {
        Fixture busy = new Fixture(journal, Schedulers.parallel(), Authorizer.ALLOW_ALL);
        int writers = 400;
        Flux<Long> seen = Flux.range(0, 20)
                .flatMap(
                        watcher -> busy.registry
                                .registryEvents(
                                        Fixture.CALLER,
                                        RegistryEventsI.newBuilder()
                                                .setRegistry(Fixture.REG)
                                                .setWatch(true)
                                                .build())
                                .delaySubscription(Flux.range(0, watcher))
                                .flatMapIterable(RegistryEventsO::getEventsList)
                                .take(2 + 2L * writers)
                                .map(RegistryEvent::getId)
                                .distinct()
                                .count(),
                        20);
        Flux<Long> writing = Flux.range(0, writers)
                .flatMap(
                        i -> busy.registry.initRepo(
                                Fixture.CALLER, Fixture.repo("/data/" + i).build()),
                        8)
                .thenMany(Flux.empty());
        List<Long> counts = Fixture.done(Flux.merge(seen, writing).collectList());
        assertThat(counts).hasSize(20).containsOnly(2 + 2L * writers);
    }

    @Test
    void closingEndsEveryWatchAsAServerThatGoesDown() {
        List<Throwable> ends = new ArrayList<>();
        Disposable watch = events(true, Vid.EPOCH).subscribe(message -> {}, ends::add);
        fixture.registry.close();
        fixture.registry.close();
        assertThat(watch.isDisposed()).isTrue();
        assertThat(ends).singleElement().isInstanceOf(CommandRejectedException.class);
        assertThat(((CommandRejectedException) ends.get(0)).code()).isEqualTo("UNAVAILABLE");
        assertThat(ends.get(0)).hasMessage("shutdown");
        assertThat(Fixture.refusal(events(true, Vid.EPOCH).then())).isEqualTo("UNAVAILABLE shutdown");
        assertThat(fixture.registry.watching()).isZero();
    }

    private ByteString ownRepo() {
        ByteString repo = fixture.initRepo("/data/w").getRepo();
        fixture.put(
                Category.WORKFLOW.stream(WORKFLOW),
                new Vid(9, 1),
                WorkflowEvent.newBuilder()
                        .setEvent(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                        .setRepoId(repo)
                        .build()
                        .toByteArray());
        return repo;
    }

    @Test
    void theWorkflowsOfARepoAreItsOwn() {
        ByteString repo = ownRepo();
        RepoWorkflowEventsI request = RepoWorkflowEventsI.newBuilder()
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(WORKFLOW))
                .build();
        StepVerifier.create(fixture.registry.repoWorkflowEvents(Fixture.CALLER, request))
                .assertNext(reply -> {
                    assertThat(reply.getRepo()).isEqualTo(repo);
                    assertThat(reply.getWorkflow()).isEqualTo(request.getWorkflow());
                    assertThat(reply.getEventsCount()).isEqualTo(1);
                })
                .expectComplete()
                .verify(Fixture.PATIENCE);
        ByteString other = fixture.initRepo("/data/other").getRepo();
        assertThat(Fixture.refusal(fixture.registry
                        .repoWorkflowEvents(
                                Fixture.CALLER,
                                request.toBuilder().setRepo(other).build())
                        .then()))
                .isEqualTo("PERMISSION_DENIED repo does not own workflow");
    }

    @Test
    void aWorkflowThatBeginsLaterIsWatchedAndCheckedWhenItBegins() {
        ByteString repo = fixture.initRepo("/data/a").getRepo();
        RepoWorkflowEventsI request = RepoWorkflowEventsI.newBuilder()
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(WORKFLOW))
                .setWatch(true)
                .build();
        List<RepoWorkflowEventsO> seen = new ArrayList<>();
        List<Throwable> ends = new ArrayList<>();
        fixture.registry.repoWorkflowEvents(Fixture.CALLER, request).subscribe(seen::add, ends::add);
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).getWillBlock()).isTrue();
        fixture.put(
                Category.WORKFLOW.stream(WORKFLOW),
                new Vid(9, 1),
                WorkflowEvent.newBuilder()
                        .setRepoId(Fixture.bytes(new UUID(1, 1)))
                        .build()
                        .toByteArray());
        assertThat(ends).singleElement().extracting(Throwable::getMessage).isEqualTo("repo does not own workflow");
        assertThat(seen).hasSize(1);
    }

    private String workflowRefusal(WorkflowEvent.Type type) {
        UUID id = new UUID(8, type.getNumber());
        fixture.put(
                Category.EPHEMERAL_WORKFLOW.stream(id),
                new Vid(9, 1),
                WorkflowEvent.newBuilder()
                        .setEvent(type)
                        .setRegistryId(Fixture.bytes(EntityIds.registry(Fixture.REG)))
                        .build()
                        .toByteArray());
        RegistryWorkflowEventsI request = RegistryWorkflowEventsI.newBuilder()
                .setRegistry(Fixture.REG)
                .setWorkflow(Fixture.bytes(id))
                .build();
        return Fixture.refusal(
                fixture.registry.registryWorkflowEvents(Fixture.CALLER, request).then());
    }

    @Test
    void theWorkflowsOfARegistryAreItsOwnAndOfAKnownType() {
        assertThat(workflowRefusal(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED))
                .isEqualTo("OK");
        assertThat(workflowRefusal(WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2))
                .isEqualTo("OK");
        assertThat(workflowRefusal(WorkflowEvent.Type.EV_FSO_REPO_MOVED))
                .isEqualTo("PERMISSION_DENIED deny access to unknown workflow type");
        UUID foreign = new UUID(8, 1);
        fixture.put(
                Category.EPHEMERAL_WORKFLOW.stream(foreign),
                new Vid(9, 1),
                WorkflowEvent.getDefaultInstance().toByteArray());
        RegistryWorkflowEventsI request = RegistryWorkflowEventsI.newBuilder()
                .setRegistry(Fixture.REG)
                .setWorkflow(Fixture.bytes(foreign))
                .build();
        assertThat(Fixture.refusal(fixture.registry
                        .registryWorkflowEvents(Fixture.CALLER, request)
                        .then()))
                .isEqualTo("PERMISSION_DENIED registry does not own workflow");
    }

    @Test
    void theIndexOfARegistryIsAStreamToo() {
        WorkflowEvent event = WorkflowEvent.newBuilder()
                .setEvent(WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2)
                .build();
        fixture.put(
                Category.EPHEMERAL_WORKFLOW.stream(EntityIds.workflowIndex(Fixture.REG)),
                new Vid(9, 1),
                event.toByteArray());
        RegistryWorkflowIndexEventsI request = RegistryWorkflowIndexEventsI.newBuilder()
                .setRegistry(Fixture.REG)
                .build();
        StepVerifier.create(fixture.registry.registryWorkflowIndexEvents(Fixture.CALLER, request))
                .expectNext(RegistryWorkflowIndexEventsO.newBuilder()
                        .setRegistry(Fixture.REG)
                        .addEvents(event)
                        .build())
                .expectComplete()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void everyKindOfMessageIsShapedLikeTheGeneratedOne() throws Exception {
        ByteString id = Fixture.bytes(WORKFLOW);
        assertThat(RepoEventsO.parseFrom(MessageShape.repo(id).willBlock()))
                .isEqualTo(
                        RepoEventsO.newBuilder().setRepo(id).setWillBlock(true).build());
        assertThat(RegistryWorkflowEventsO.parseFrom(
                        MessageShape.registryWorkflow("r", id).willBlock()))
                .isEqualTo(RegistryWorkflowEventsO.newBuilder()
                        .setRegistry("r")
                        .setWorkflow(id)
                        .setWillBlock(true)
                        .build());
        assertThat(RepoWorkflowEventsO.parseFrom(
                        MessageShape.repoWorkflow(id, id).willBlock()))
                .isEqualTo(RepoWorkflowEventsO.newBuilder()
                        .setRepo(id)
                        .setWorkflow(id)
                        .setWillBlock(true)
                        .build());
    }

    @Test
    void aClosedJournalEndsTheWatch() {
        List<Throwable> ends = new ArrayList<>();
        events(true, Vid.EPOCH).subscribe(message -> {}, ends::add);
        journal.memory.close();
        assertThat(ends).singleElement().extracting(Throwable::getMessage).isEqualTo("shutdown");
        assertThat(fixture.registry.watching()).isZero();
    }
}
