package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** Listings of registries from none to 200,000 repos. */
class ListingTest {
    private static final GetReposI ALL =
            GetReposI.newBuilder().setRegistry(Fixture.REG).build();
    private static final int FOUR_MIB = 4 << 20;

    private static Fixture withRepos(int number) {
        MemoryJournal journal = new MemoryJournal();
        Fixture first = new Fixture(journal).prepared();
        first.registry.close();
        if (number > 0) {
            Fixture.done(journal.append(List.of(history(journal, number))));
        }
        return new Fixture(journal);
    }

    /** As many repos as that many commands would make, which would take much longer. */
    private static Append history(MemoryJournal journal, int number) {
        Vid vid = first(journal);
        List<StoredEvent> events = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            FsoRepoInfo repo = FsoRepoInfo.newBuilder()
                    .setId(ByteString.copyFrom(
                            ByteBuffer.allocate(16).putLong(1).putLong(i).array()))
                    .setGlobalPath(path(i))
                    .build();
            for (RegistryEvent.Type type :
                    List.of(RegistryEvent.Type.EV_FSO_REPO_ACCEPTED, RegistryEvent.Type.EV_FSO_REPO_ADDED)) {
                Vid parent = vid;
                vid = new Vid(vid.hi(), vid.lo() + 1);
                events.add(new StoredEvent(
                        vid,
                        RegistryEvent.newBuilder()
                                .setId(Fixture.bytes(vid))
                                .setParent(Fixture.bytes(parent))
                                .setEvent(type)
                                .setFsoRepoInfo(repo)
                                .build()
                                .toByteArray()));
            }
        }
        return new Append(Fixture.registryStream(Fixture.REG), null, events);
    }

    private static Vid first(MemoryJournal journal) {
        return Fixture.done(journal.tail(Fixture.registryStream(Fixture.REG)));
    }

    @Test
    void aRegistryWithoutReposIsOnePartThatNamesIt() {
        StepVerifier.create(withRepos(0).registry.listRepos(Fixture.CALLER, ALL))
                .assertNext(part -> {
                    assertThat(part.getRegistry()).isEqualTo(Fixture.REG);
                    assertThat(part.getVid().size()).isEqualTo(Vid.BYTES);
                    assertThat(part.getReposList()).isEmpty();
                })
                .verifyComplete();
    }

    @Test
    void twoHundredThousandReposComeInPartsAndNotInOneMessage() {
        Fixture fixture = withRepos(200_000);
        List<String> paths = new ArrayList<>();
        Set<ByteString> versions = new HashSet<>();
        for (GetReposO part : fixture.registry.listRepos(Fixture.CALLER, ALL).toIterable(1)) {
            assertThat(part.getSerializedSize()).isLessThan(FOUR_MIB);
            versions.add(part.getVid());
            part.getReposList().forEach(repo -> paths.add(repo.getGlobalPath()));
        }
        assertThat(paths).hasSize(200_000).isSorted().doesNotHaveDuplicates();
        assertThat(versions).hasSize(1);

        assertThatThrownBy(() -> Fixture.done(fixture.registry.getRepos(Fixture.CALLER, ALL)))
                .isInstanceOfSatisfying(
                        CommandRejectedException.class,
                        e -> assertThat(e.code()).isEqualTo("RESOURCE_EXHAUSTED"))
                .hasMessageContaining("global_path_prefix");
        assertThat(Fixture.done(fixture.registry.getRepos(
                                Fixture.CALLER,
                                ALL.toBuilder()
                                        .setGlobalPathPrefix("/data/00001")
                                        .build()))
                        .getReposCount())
                .isEqualTo(10);
    }

    @Test
    void theLargestListingThatClientsReceiveIsSentAndOneMoreRepoIsTooMany() {
        int fitting = (FOUR_MIB - messageSize(0)) / (messageSize(1) - messageSize(0));
        Fixture fixture = withRepos(fitting);
        GetReposO reply = Fixture.done(fixture.registry.getRepos(Fixture.CALLER, ALL));
        assertThat(reply.getReposCount()).isEqualTo(fitting);
        assertThat(reply.getSerializedSize()).isEqualTo(messageSize(fitting)).isLessThanOrEqualTo(FOUR_MIB);

        fixture.initRepo("/data/one-more");
        assertThatThrownBy(() -> Fixture.done(fixture.registry.getRepos(Fixture.CALLER, ALL)))
                .isInstanceOf(CommandRejectedException.class);
    }

    @Test
    void partsEndAndGoOnAtTheRightRepo() {
        for (int number : new int[] {1, 499, 500, 501, 1000}) {
            List<Integer> sizes = withRepos(number)
                    .registry
                    .listRepos(Fixture.CALLER, ALL)
                    .map(GetReposO::getReposCount)
                    .collectList()
                    .block(Fixture.PATIENCE);
            assertThat(sizes.stream().mapToInt(Integer::intValue).sum())
                    .as("%d repos", number)
                    .isEqualTo(number);
            assertThat(sizes).as("%d repos", number).allMatch(size -> size <= 500);
        }
    }

    @Test
    void aRepoAtThePrefixComesFirstAndNeighboursWithTheSameBeginningDoNot() {
        Fixture fixture = withRepos(0);
        fixture.initRepo("/data/a/b");
        fixture.initRepo("/data/a");
        fixture.initRepo("/data/a-b");
        fixture.initRepo("/data/ab");

        assertThat(fixture.registry
                        .listRepos(
                                Fixture.CALLER,
                                ALL.toBuilder().setGlobalPathPrefix("/data/a").build())
                        .flatMapIterable(GetReposO::getReposList)
                        .map(RepoInfo::getGlobalPath)
                        .collectList()
                        .block(Fixture.PATIENCE))
                .containsExactly("/data/a", "/data/a/b");
    }

    private static String path(int number) {
        return String.format("/data/%05d/project-%d", number / 10, number % 10);
    }

    private static int messageSize(int number) {
        RepoInfo repo = info(0);
        int each = repo.getSerializedSize();
        int header = GetReposO.newBuilder()
                .setRegistry(Fixture.REG)
                .setVid(ByteString.copyFrom(new byte[Vid.BYTES]))
                .build()
                .getSerializedSize();
        return header + number * (1 + 1 + each);
    }

    private static RepoInfo info(int number) {
        return RepoInfo.newBuilder()
                .setId(ByteString.copyFrom(new byte[16]))
                .setGlobalPath(path(number))
                .setConfirmed(true)
                .build();
    }
}
