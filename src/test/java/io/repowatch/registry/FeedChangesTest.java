package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.v1.ChangesReply;
import io.repowatch.wire.v1.ChangesReply.Start;
import io.repowatch.wire.v1.ChangesRequest;
import io.repowatch.wire.v1.EntityNews;
import io.repowatch.wire.v1.FeedClass;
import io.repowatch.wire.v1.FeedPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The change feed with positions: where it begins, what it tells, and how a broken call is gone on with. */
class FeedChangesTest {
    private static final UUID INDEX = EntityIds.workflowIndex(Fixture.REG);
    private static final FeedLimits LIMITS = FeedLimits.DEFAULTS;

    private final MemoryJournal journal = new MemoryJournal();
    private final Fixture fixture = new Fixture(journal).prepared();

    private static List<ChangesReply> open(Fixture server, ChangesRequest request) {
        List<ChangesReply> replies = new ArrayList<>();
        Disposable call =
                server.registry.feed().calls().changes(Fixture.CALLER, request).subscribe(replies::add);
        assertThat(call.isDisposed()).isFalse();
        return replies;
    }

    private List<ChangesReply> open(ChangesRequest.Builder request) {
        return open(fixture, request.build());
    }

    private static ChangesRequest.Builder after(FeedPosition position) {
        return ChangesRequest.newBuilder().setAfter(position);
    }

    private FeedPosition now() {
        return open(ChangesRequest.newBuilder()).get(0).getPosition();
    }

    private static List<UUID> entities(List<ChangesReply> replies) {
        List<UUID> all = new ArrayList<>();
        for (ChangesReply reply : replies) {
            ByteBuffer ids = reply.getEntities().asReadOnlyByteBuffer();
            while (ids.hasRemaining()) {
                all.add(new UUID(ids.getLong(), ids.getLong()));
            }
        }
        return all;
    }

    private static List<String> news(List<ChangesReply> replies, UUID entity) {
        List<String> all = new ArrayList<>();
        for (ChangesReply reply : replies) {
            for (EntityNews one : reply.getNewsList()) {
                if (one.getEntity().equals(Fixture.bytes(entity))) {
                    one.getEventsList().forEach(event -> all.add(event.toStringUtf8()));
                }
            }
        }
        return all;
    }

    private void put(UUID repo, String body) {
        fixture.put(
                Fixture.repoStream(repo),
                new Vid(77, journal.position()),
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private UUID repo(String path) {
        return Fixture.uuid(fixture.initRepo(path).getRepo());
    }

    private void shadow(UUID repo) {
        fixture.put(Fixture.repoStream(repo), new Vid(77, journal.position()), new byte[0]);
    }

    @Test
    void aFeedWithoutPositionBeginsNowAndSaysSoAtOnce() {
        repo("/data/before");
        List<ChangesReply> replies = open(ChangesRequest.newBuilder());
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).getStart()).isEqualTo(Start.START_NOW);
        assertThat(replies.get(0).getPosition().getAppend()).isEqualTo(journal.position());

        UUID repo = repo("/data/a");
        assertThat(entities(replies)).containsOnlyOnce(repo, EntityIds.registry(Fixture.REG));
        assertThat(replies.get(1).getStart()).isEqualTo(Start.START_UNSPECIFIED);
    }

    @Test
    void aFeedGoesOnFromEveryPlaceThatItHasNamed() {
        List<ChangesReply> replies = open(ChangesRequest.newBuilder());
        repo("/data/a");
        shadow(repo("/data/b"));
        repo("/data/c");
        List<UUID> all = entities(replies);
        for (int seen = 1; seen <= replies.size(); seen++) {
            List<ChangesReply> rest = open(after(replies.get(seen - 1).getPosition()));
            assertThat(rest.get(0).getStart()).isEqualTo(Start.START_RESUMED);
            int known = entities(replies.subList(0, seen)).size();
            assertThat(entities(rest))
                    .as("after message " + seen)
                    .containsExactlyInAnyOrderElementsOf(new HashSet<>(all.subList(known, all.size())));
        }
    }

    @Test
    void aFeedGoesOnInTheMiddleOfAnAppend() {
        long before = journal.position();
        repo("/data/a");
        FeedPosition whole = now();
        assertThat(whole.getAppend()).isEqualTo(before + 1);
        List<UUID> all = entities(open(after(FeedPlace.START.message())));
        UUID last = all.get(all.size() - 1);
        FeedPosition half = whole.toBuilder().setStreams(1).build();
        List<ChangesReply> rest = open(after(half));
        assertThat(rest.get(0).getStart()).isEqualTo(Start.START_RESUMED);
        assertThat(entities(rest)).containsExactly(last);
    }

    @Test
    void fromTheVeryBeginningEverythingHasChanged() {
        UUID repo = repo("/data/a");
        List<ChangesReply> replies = open(after(FeedPlace.START.message()));
        assertThat(replies.get(0).getStart()).isEqualTo(Start.START_RESUMED);
        assertThat(entities(replies)).contains(repo, EntityIds.registry(Fixture.REG), EntityIds.main());
    }

    @Test
    void whoComesBackHearsOfEachEntityOnce() {
        FeedPosition before = now();
        UUID first = repo("/data/a");
        for (int i = 0; i < 2_000; i++) {
            shadow(first);
        }
        UUID last = new UUID(8, 8);
        fixture.put(Category.WORKFLOW.stream(last), new Vid(9, 1), new byte[0]);
        List<ChangesReply> replies = open(after(before));
        assertThat(entities(replies)).containsExactlyInAnyOrder(first, EntityIds.registry(Fixture.REG), last);
        assertThat(replies).hasSize(2);
        shadow(first);
        assertThat(entities(replies)).hasSize(4).endsWith(first);
    }

    @Test
    void aPositionBeyondTheEndIsUnknown() {
        FeedPosition beyond =
                now().toBuilder().setAppend(journal.position() + 1).build();
        List<ChangesReply> replies = open(after(beyond));
        assertThat(replies.get(0).getStart()).isEqualTo(Start.START_UNKNOWN_POSITION);
        assertThat(replies.get(0).getPosition()).isEqualTo(now());
    }

    @Test
    void aPositionOfAnotherJournalIsUnknown() {
        Fixture other = new Fixture(
                        new MemoryJournal(),
                        RegistryConfig.builder(Schedulers.immediate(), new Random(5))
                                .build())
                .prepared();
        assertThat(other.journal.position()).isEqualTo(journal.position());
        List<ChangesReply> replies = open(other, after(now()).build());
        assertThat(replies.get(0).getStart()).isEqualTo(Start.START_UNKNOWN_POSITION);
    }

    @Test
    void aPositionThatLiesTooFarBackIsTooOld() {
        FeedPosition old = now();
        Fixture few = new Fixture(journal, config(), LIMITS.withOldestPosition(3));
        repo("/data/a");
        repo("/data/b");
        repo("/data/c");
        assertThat(open(few, after(old).build()).get(0).getStart()).isEqualTo(Start.START_RESUMED);
        repo("/data/d");
        List<ChangesReply> replies = open(few, after(old).build());
        assertThat(replies.get(0).getStart()).isEqualTo(Start.START_POSITION_TOO_OLD);
        assertThat(replies.get(0).getPosition()).isEqualTo(now());
    }

    private static RegistryConfig config() {
        return RegistryConfig.builder(Schedulers.immediate(), new Random(1)).build();
    }

    @Test
    void aSlowClientHearsOfEachEntityOncePerMessageAndNothingIsLost() {
        SlowClient<ChangesReply> slow = new SlowClient<>();
        List<ChangesReply> replies = slow.messages;
        UUID repo = repo("/data/a");
        fixture.registry
                .feed()
                .calls()
                .changes(Fixture.CALLER, ChangesRequest.getDefaultInstance())
                .subscribe(slow);
        for (int i = 0; i < 500; i++) {
            shadow(repo);
        }
        assertThat(replies).hasSize(1);
        slow.requestUnbounded();
        assertThat(entities(replies)).contains(repo);
        assertThat(replies.size()).isLessThan(10);
        assertThat(replies.get(replies.size() - 1).getPosition().getAppend()).isEqualTo(journal.position());
    }

    @Test
    void eventsComeAlongWhereTheyAreAskedFor() {
        UUID repo = repo("/data/a");
        List<ChangesReply> without = open(ChangesRequest.newBuilder());
        List<ChangesReply> with = open(ChangesRequest.newBuilder().setEventBytes(1000));
        put(repo, "one");
        put(repo, "two");
        assertThat(news(with, repo)).containsExactly("one", "two");
        assertThat(entities(with)).containsExactly(repo, repo);
        assertThat(without).allSatisfy(reply -> assertThat(reply.getNewsCount()).isZero());
        assertThat(entities(without)).containsExactly(repo, repo);
    }

    @Test
    void ofAnEntityAllEventsOfAMessageComeAlongOrNone() {
        UUID few = repo("/data/a");
        UUID many = repo("/data/b");
        SlowClient<ChangesReply> slow = new SlowClient<>();
        List<ChangesReply> replies = slow.messages;
        fixture.registry
                .feed()
                .calls()
                .changes(
                        Fixture.CALLER,
                        ChangesRequest.newBuilder().setEventBytes(200).build())
                .subscribe(slow);
        put(few, "before");
        slow.request(1);
        // Some messages are on their way before the client is slow.
        for (int i = 0; i < 6; i++) {
            put(many, "small");
        }
        put(many, "too large".repeat(30));
        put(many, "behind it");
        put(few, "behind");
        slow.requestUnbounded();
        assertThat(news(replies, few)).containsExactly("before", "behind");
        assertThat(news(replies, many)).contains("small").doesNotContain("behind it");
        assertThat(replies.get(replies.size() - 1).getPosition().getAppend()).isEqualTo(journal.position());
    }

    @Test
    void whatHasHappenedAlreadyComesWithoutItsEvents() {
        UUID repo = repo("/data/a");
        FeedPosition before = now();
        put(repo, "old");
        List<ChangesReply> replies = open(after(before).setEventBytes(1000));
        put(repo, "new");
        assertThat(entities(replies)).containsExactly(repo, repo);
        assertThat(news(replies, repo)).containsExactly("new");
    }

    @Test
    void whereNotEverybodyMayReadEverythingEventsDoNotComeAlong() {
        Fixture guarded = new Fixture(journal, Schedulers.immediate(), (principal, action, scope) -> {});
        UUID repo = repo("/data/a");
        List<ChangesReply> replies =
                open(guarded, ChangesRequest.newBuilder().setEventBytes(1000).build());
        put(repo, "secret");
        assertThat(entities(replies)).containsExactly(repo);
        assertThat(news(replies, repo)).isEmpty();
    }

    @Test
    void classesAreSelected() {
        List<ChangesReply> general = open(ChangesRequest.newBuilder().addClasses(FeedClass.FEED_CLASS_GENERAL));
        List<ChangesReply> repos = open(ChangesRequest.newBuilder().addClasses(FeedClass.FEED_CLASS_REPO));
        UUID repo = repo("/data/a");
        fixture.put(Category.EPHEMERAL_WORKFLOW.stream(INDEX), new Vid(9, 1), new byte[0]);
        fixture.put(Category.WORKFLOW.stream(new UUID(5, 5)), new Vid(9, 1), new byte[0]);
        assertThat(entities(general))
                .contains(EntityIds.registry(Fixture.REG), INDEX, new UUID(5, 5))
                .doesNotContain(repo);
        assertThat(entities(repos)).containsOnly(repo);
    }

    @Test
    void registriesAndPrefixesAreSelected() {
        fixture.initRegistry("other");
        fixture.initRoot("other", "/else");
        List<ChangesReply> replies =
                open(ChangesRequest.newBuilder().addRegistries(Fixture.REG).addPrefixes("/data/x"));
        UUID inside = repo("/data/x/a");
        UUID beside = repo("/data/xa");
        UUID foreign = Fixture.uuid(Fixture.done(fixture.registry.initRepo(
                        Fixture.CALLER,
                        Fixture.repo("/else/r").setRegistry("other").build()))
                .getRepo());
        shadow(beside);
        shadow(inside);
        assertThat(entities(replies))
                .contains(inside, EntityIds.registry(Fixture.REG))
                .doesNotContain(foreign, EntityIds.registry("other"));
        // What the registry's memory does not show yet may pass; later it does not.
        replies.clear();
        shadow(beside);
        shadow(foreign);
        shadow(inside);
        assertThat(entities(replies)).containsExactly(inside);
    }

    @Test
    void aRepoThatWasEverMovedPassesEveryPrefix() {
        UUID moved = repo("/data/old");
        fixture.put(
                Fixture.registryStream(Fixture.REG),
                new Vid(99, 1),
                RegistryEvent.newBuilder()
                        .setId(Fixture.bytes(new Vid(99, 1)))
                        .setParent(Fixture.bytes(fixture.registryVid(Fixture.REG)))
                        .setEvent(RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED)
                        .setRepoId(Fixture.bytes(moved))
                        .setWorkflowId(Fixture.bytes(new UUID(6, 6)))
                        .setFsoRepoInfo(FsoRepoInfo.newBuilder()
                                .setId(Fixture.bytes(moved))
                                .setGlobalPath("/data/new"))
                        .build()
                        .toByteArray());
        // Another server over the same journal, so that its memory holds the move.
        Fixture server = new Fixture(journal);
        server.registryVid(Fixture.REG);
        ChangesRequest.Builder request = ChangesRequest.newBuilder().addRegistries(Fixture.REG);
        List<ChangesReply> there = open(server, request.addPrefixes("/data/new").build());
        List<ChangesReply> here =
                open(server, request.clearPrefixes().addPrefixes("/data/old").build());
        shadow(moved);
        assertThat(entities(there)).containsExactly(moved);
        assertThat(entities(here)).containsExactly(moved);
    }

    @Test
    void aRegistryThatIsNotInMemoryOrBehindFiltersNothing() {
        UUID repo = repo("/data/a");
        Fixture cold = new Fixture(journal);
        List<ChangesReply> replies = open(
                cold,
                ChangesRequest.newBuilder()
                        .addRegistries(Fixture.REG)
                        .addPrefixes("/none")
                        .build());
        shadow(repo);
        assertThat(entities(replies)).containsExactly(repo);
    }

    @Test
    void malformedFiltersAreRefused() {
        for (ChangesRequest.Builder bad : List.of(
                ChangesRequest.newBuilder().addRegistries("Bad_Name"),
                ChangesRequest.newBuilder().addRegistries(Fixture.REG).addPrefixes("relative"))) {
            String refusal = Fixture.refusal(fixture.registry
                    .feed()
                    .calls()
                    .changes(Fixture.CALLER, bad.build())
                    .next());
            assertThat(refusal).startsWith("INVALID_ARGUMENT malformed ");
        }
    }

    @Test
    void theRightOfTheSignalStreamIsNeeded() {
        Authorizer nobody = (principal, action, scope) -> {
            throw new AccessDeniedException(principal, action, scope);
        };
        Fixture closed = new Fixture(journal, Schedulers.immediate(), nobody);
        StepVerifier.create(closed.registry.feed().calls().changes(Fixture.CALLER, ChangesRequest.getDefaultInstance()))
                .expectError(AccessDeniedException.class)
                .verify();
    }

    @Test
    void aFeedEndsAsUnavailableWhenTheServerGoesDown() {
        StepVerifier.create(
                        fixture.registry.feed().calls().changes(Fixture.CALLER, ChangesRequest.getDefaultInstance()))
                .expectNextCount(1)
                .then(fixture.registry::close)
                .expectErrorMessage("shutdown")
                .verify(Fixture.PATIENCE);
    }

    @Test
    void anEmptyJournalHasAPositionToo() {
        Fixture empty = new Fixture();
        List<ChangesReply> replies = open(empty, ChangesRequest.getDefaultInstance());
        assertThat(replies.get(0).getPosition()).isEqualTo(FeedPosition.getDefaultInstance());
        empty.initRegistry(Fixture.REG);
        List<ChangesReply> again =
                open(empty, after(FeedPosition.getDefaultInstance()).build());
        assertThat(again.get(0).getStart()).isEqualTo(Start.START_RESUMED);
        assertThat(entities(again)).containsOnlyOnce(EntityIds.registry(Fixture.REG));
        assertThat(again.get(0).getPosition().getEvent()).isEqualTo(ByteString.EMPTY);
    }
}
