package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.BroadcastEvent;
import io.repowatch.wire.nogfso.BroadcastEvent.Type;
import io.repowatch.wire.nogfso.BroadcastEventsI;
import io.repowatch.wire.nogfso.BroadcastEventsO;
import io.repowatch.wire.nogfso.PostGitRefUpdatedI;
import io.repowatch.wire.nogfso.PostGitRefUpdatedO;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The channel of announcements, registry specification §6.2. */
class BroadcastTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(
            journal,
            RegistryConfig.builder(Schedulers.immediate(), new Random(1))
                    .clock(now::get)
                    .build());

    private static BroadcastEventsI.Builder all() {
        return BroadcastEventsI.newBuilder().setChannel("all");
    }

    private List<BroadcastEvent> read(BroadcastEventsI.Builder request) {
        List<BroadcastEvent> events = new ArrayList<>();
        for (BroadcastEventsO message : Fixture.done(fixture.registry
                .broadcastEvents(Fixture.CALLER, request.build())
                .collectList())) {
            assertThat(message.getWillBlock()).isFalse();
            assertThat(message.getChannel()).isEqualTo("all");
            events.addAll(message.getEventsList());
        }
        return events;
    }

    private static List<Type> types(List<BroadcastEvent> events) {
        return events.stream().map(BroadcastEvent::getEvent).toList();
    }

    private Mono<PostGitRefUpdatedO> post(String ref) {
        return fixture.registry.postGitRefUpdated(
                Fixture.CALLER,
                PostGitRefUpdatedI.newBuilder()
                        .setRepo(Fixture.bytes(Freezing.workflow(1)))
                        .setRef(ref)
                        .setCommit(ByteString.copyFrom(new byte[20]))
                        .build());
    }

    @Test
    void mainRegistryAndRepoAreAnnounced() {
        fixture.prepared();
        List<BroadcastEvent> before = read(all());
        assertThat(types(before)).contains(Type.EV_BC_FSO_MAIN_CHANGED, Type.EV_BC_FSO_REGISTRY_CHANGED);
        assertThat(types(before)).doesNotContain(Type.EV_BC_FSO_REPO_CHANGED);
        ByteString repo = fixture.initRepo("/data/a").getRepo();
        BroadcastEvent announced = read(all()).stream()
                .filter(event -> event.getEvent() == Type.EV_BC_FSO_REPO_CHANGED)
                .findFirst()
                .orElseThrow();
        assertThat(announced.getBcChange().getEntityId()).isEqualTo(repo);
        assertThat(read(all()).get(0).getParent()).isEqualTo(Fixture.bytes(Vid.EPOCH));
    }

    @Test
    void whatIsReadOnFromAnyAnnouncementIsTheRest() {
        fixture.prepared();
        fixture.initRepo("/data/a");
        new Freezing(fixture, "/data/b").freeze(Freezing.workflow(1));
        Fixture.done(post("refs/heads/x"));
        List<BroadcastEvent> everything = new ArrayList<>();
        // One at a time, so that nothing is merged.
        ByteString after = ByteString.EMPTY;
        for (List<BroadcastEvent> rest = read(all()); !rest.isEmpty(); rest = read(all().setAfter(after))) {
            BroadcastEvent first = rest.get(0);
            assertThat(first.getParent()).isEqualTo(after.isEmpty() ? Fixture.bytes(Vid.EPOCH) : after);
            for (int i = 1; i < rest.size(); i++) {
                assertThat(rest.get(i).getParent()).isEqualTo(rest.get(i - 1).getId());
            }
            everything.add(first);
            after = first.getId();
        }
        assertThat(types(everything)).contains(Type.EV_BC_FSO_REPO_CHANGED).endsWith(Type.EV_BC_FSO_GIT_REF_UPDATED);
        assertThat(everything).doesNotHaveDuplicates();
        assertThat(everything.get(everything.size() - 1).getBcChange().getGitRef())
                .isEqualTo("refs/heads/x");
    }

    @Test
    void manyChangesOfOneEntityAreAnnouncedOnce() {
        fixture.prepared();
        for (int i = 0; i < 50; i++) {
            fixture.initRepo("/data/" + i);
        }
        List<BroadcastEvent> events = read(all());
        assertThat(events.stream()
                        .filter(event -> event.getEvent() == Type.EV_BC_FSO_REGISTRY_CHANGED)
                        .count())
                .isEqualTo(1);
        assertThat(events.stream()
                        .filter(event -> event.getEvent() == Type.EV_BC_FSO_REPO_CHANGED)
                        .count())
                .isEqualTo(50);
    }

    @Test
    void awatchSaysWhenItBlocksOnceAfterEachDrain() {
        fixture.prepared();
        List<BroadcastEventsO> messages = new ArrayList<>();
        Disposable watch = fixture.registry
                .broadcastEvents(
                        Fixture.CALLER, all().setWatch(true).setAfterNow(true).build())
                .subscribe(messages::add);
        assertThat(messages).hasSize(1);
        assertThat(messages.get(0).getWillBlock()).isTrue();
        fixture.initRepo("/data/a");
        assertThat(messages.stream().map(BroadcastEventsO::getWillBlock)).containsExactly(true, false, true);
        assertThat(types(messages.get(1).getEventsList()))
                .containsExactlyInAnyOrder(Type.EV_BC_FSO_REGISTRY_CHANGED, Type.EV_BC_FSO_REPO_CHANGED);
        new Freezing(fixture, "/data/b");
        Fixture.done(fixture.registry.beginPingRegistry(
                Fixture.CALLER,
                io.repowatch.wire.nogfso.BeginPingRegistryI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setWorkflow(Fixture.bytes(Freezing.workflow(3)))
                        .build()));
        int count = messages.size();
        assertThat(messages.get(count - 1).getWillBlock()).isTrue();
        assertThat(messages.get(count - 2).getWillBlock())
                .as("a workflow is not announced")
                .isFalse();
        watch.dispose();
        fixture.initRepo("/data/c");
        assertThat(messages).hasSize(count);
    }

    @Test
    void aWatchEndsWithTheServer() {
        fixture.prepared();
        AtomicReference<Throwable> end = new AtomicReference<>();
        fixture.registry
                .broadcastEvents(Fixture.CALLER, all().setWatch(true).build())
                .subscribe(message -> {}, end::set);
        fixture.registry.close();
        assertThat(end.get()).hasMessage("shutdown");
    }

    @Test
    void whatIsOldIsNotShownFromTheStart() {
        fixture.prepared();
        ByteString old = read(all()).get(0).getId();
        for (int day = 0; day < 40; day++) {
            now.updateAndGet(at -> at.plus(Duration.ofDays(1)));
            fixture.initRepo("/data/" + day);
        }
        List<BroadcastEvent> events = read(all());
        assertThat(events.stream().filter(event -> event.getEvent() == Type.EV_BC_FSO_REPO_CHANGED))
                .hasSize(31);
        assertThat(events.get(0).getParent()).isNotEqualTo(Fixture.bytes(Vid.EPOCH));
        assertThat(read(all().setAfter(old)).stream().filter(event -> event.getEvent() == Type.EV_BC_FSO_REPO_CHANGED))
                .hasSize(40);
        now.updateAndGet(at -> at.plus(Duration.ofDays(365)));
        assertThat(read(all())).isEmpty();
    }

    @Test
    void refusalsSayWhatIsWrong() {
        assertThat(Fixture.refusal(() -> read(all().setAfterNow(true))))
                .isEqualTo("NOT_FOUND unknown or empty channel");
        assertThat(read(all())).isEmpty();
        fixture.prepared();
        assertThat(Fixture.refusal(() -> read(all().setChannel("some"))))
                .startsWith("INVALID_ARGUMENT invalid channel");
        for (Vid unknown : List.of(new Vid(1, 1), fixture.registryVid(Fixture.REG), new Vid(0, 1L << 16))) {
            assertThat(Fixture.refusal(() -> read(all().setAfter(Fixture.bytes(unknown)))))
                    .isEqualTo("OUT_OF_RANGE broadcast journal error: db: finding start failed: not found");
        }
        assertThat(Fixture.refusal(post(""))).startsWith("INVALID_ARGUMENT malformed ref");
        assertThat(Fixture.refusal(fixture.registry.postGitRefUpdated(
                        Fixture.CALLER,
                        PostGitRefUpdatedI.newBuilder()
                                .setRepo(Fixture.bytes(EntityIds.main()))
                                .setRef("x")
                                .build())))
                .startsWith("INVALID_ARGUMENT malformed commit");
    }

    @Test
    void w31_aGitRefIsAcknowledgedOnlyWhenItIsDurable() {
        fixture.prepared();
        journal.hold();
        AtomicReference<PostGitRefUpdatedO> answer = new AtomicReference<>();
        Disposable waiting = post("refs/heads/x").subscribe(answer::set);
        assertThat(answer.get()).isNull();
        assertThat(types(read(all()))).doesNotContain(Type.EV_BC_FSO_GIT_REF_UPDATED);
        journal.let();
        assertThat(answer.get()).isNotNull();
        assertThat(types(read(all()))).endsWith(Type.EV_BC_FSO_GIT_REF_UPDATED);
        waiting.dispose();
    }

    @Test
    void w28_readersWriteNothing() {
        fixture.prepared();
        long before = journal.position();
        for (int i = 0; i < 20; i++) {
            read(all());
        }
        assertThat(journal.position()).isEqualTo(before);
    }
}
