package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Authorizer;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.Journal;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.v1.ChangesReply;
import io.repowatch.wire.v1.ChangesRequest;
import io.repowatch.wire.v1.FeedPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The registry on the embedded journal, with its own threads, as the service runs it. */
class OnDiskTest {
    private static final int REPOS = 300;

    private final Scheduler reads = Schedulers.newBoundedElastic(2, 10_000, "reads");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private Journal open() {
        return EmbeddedJournal.open(
                directory.resolve("journal"), EmbeddedConfig.builder(reads).build());
    }

    private static InitRepoI request(int number) {
        return Fixture.repo("/data/" + number)
                .setRepoId(Fixture.bytes(new UUID(9, number)))
                .build();
    }

    private static List<InitRepoO> initAll(Fixture server) {
        return Fixture.done(Flux.range(0, REPOS)
                .flatMapSequential(i -> server.registry.initRepo(Fixture.CALLER, request(i)), 64)
                .collectList());
    }

    @Test
    void whatWasAnsweredIsThereAfterARestart() {
        List<InitRepoO> answers;
        List<RegistryEventsO> events;
        try (Fixture first = new Fixture(open(), Schedulers.parallel(), Authorizer.ALLOW_ALL)) {
            answers = initAll(first.prepared());
            events = events(first);
        }
        try (Fixture second = new Fixture(open(), Schedulers.parallel(), Authorizer.ALLOW_ALL)) {
            assertThat(events(second)).isEqualTo(events);
            long position = second.journal.position();
            assertThat(initAll(second)).isEqualTo(answers);
            assertThat(second.journal.position()).isEqualTo(position);
            GetReposI all = GetReposI.newBuilder().setRegistry(Fixture.REG).build();
            assertThat(Fixture.done(second.registry.getRepos(Fixture.CALLER, all))
                            .getReposCount())
                    .isEqualTo(REPOS);
        }
    }

    private static List<RegistryEventsO> events(Fixture server) {
        RegistryEventsI request =
                RegistryEventsI.newBuilder().setRegistry(Fixture.REG).build();
        return Fixture.done(
                server.registry.registryEvents(Fixture.CALLER, request).collectList());
    }

    @Test
    void aWatchOnDiskSeesEverything() {
        try (Fixture server = new Fixture(open(), Schedulers.parallel(), Authorizer.ALLOW_ALL).prepared()) {
            RegistryEventsI request = RegistryEventsI.newBuilder()
                    .setRegistry(Fixture.REG)
                    .setWatch(true)
                    .build();
            Flux<Long> seen = Flux.range(0, 5)
                    .flatMap(
                            i -> server.registry
                                    .registryEvents(Fixture.CALLER, request)
                                    .flatMapIterable(RegistryEventsO::getEventsList)
                                    .map(event -> event.getId())
                                    .distinct()
                                    .take(2 + 2L * REPOS)
                                    .count(),
                            5);
            Flux<Long> writing = Flux.defer(() -> Flux.fromIterable(initAll(server)))
                    .subscribeOn(Schedulers.boundedElastic())
                    .thenMany(Flux.empty());
            assertThat(Fixture.done(Flux.merge(seen, writing).collectList()))
                    .hasSize(5)
                    .containsOnly(2 + 2L * REPOS);
        }
    }

    @Test
    void aFeedGoesOnAfterARestartAndNotOverARestoredBackup() throws Exception {
        Path backup = directory.resolve("backup");
        FeedPosition copied;
        try (Fixture first = new Fixture(open(), Schedulers.parallel(), Authorizer.ALLOW_ALL)) {
            first.prepared();
            copied = beginning(first, ChangesRequest.getDefaultInstance()).getPosition();
            first.journal.close();
        }
        copy(directory.resolve("journal"), backup);
        FeedPosition lost;
        try (Fixture second = new Fixture(open(), Schedulers.parallel(), Authorizer.ALLOW_ALL)) {
            second.initRepo("/data/a");
            assertThat(beginning(second, after(copied)).getStart()).isEqualTo(ChangesReply.Start.START_RESUMED);
            lost = beginning(second, ChangesRequest.getDefaultInstance()).getPosition();
            second.journal.close();
        }
        try (Fixture third = new Fixture(open(), Schedulers.parallel(), Authorizer.ALLOW_ALL)) {
            assertThat(beginning(third, after(lost)).getStart()).isEqualTo(ChangesReply.Start.START_RESUMED);
            third.journal.close();
        }
        try (Fixture restored = new Fixture(
                EmbeddedJournal.open(backup, EmbeddedConfig.builder(reads).build()),
                RegistryConfig.builder(Schedulers.parallel(), new Random(7)).build())) {
            assertThat(beginning(restored, after(copied)).getStart()).isEqualTo(ChangesReply.Start.START_RESUMED);
            assertThat(beginning(restored, after(lost)).getStart())
                    .isEqualTo(ChangesReply.Start.START_UNKNOWN_POSITION);
            restored.initRepo("/data/b");
            assertThat(restored.journal.position()).isEqualTo(lost.getAppend());
            assertThat(beginning(restored, after(lost)).getStart())
                    .isEqualTo(ChangesReply.Start.START_UNKNOWN_POSITION);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private static ChangesReply beginning(Fixture server, ChangesRequest request) {
        return Fixture.done(
                server.registry.feed().calls().changes(Fixture.CALLER, request).next());
    }

    private static ChangesRequest after(FeedPosition position) {
        return ChangesRequest.newBuilder().setAfter(position).build();
    }
}
