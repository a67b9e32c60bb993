package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.Authorizer;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.JournalStats;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Commands of different repos do not wait for each other's syncs. */
class SharedSyncsTest {
    private static final int CLIENTS = 64;
    private static final int COMMANDS = 10;

    private final Scheduler reads = Schedulers.newBoundedElastic(2, 10_000, "reads");

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        reads.dispose();
    }

    @Test
    void commandsOfManyClientsShareTheirSyncs() {
        EmbeddedJournal journal = EmbeddedJournal.open(
                directory.resolve("journal"), EmbeddedConfig.builder(reads).build());
        try (Fixture server = new Fixture(journal, Schedulers.parallel(), Authorizer.ALLOW_ALL)) {
            server.prepared();
            List<ByteString> repos = Fixture.done(Flux.range(0, CLIENTS)
                    .flatMapSequential(
                            i -> server.registry.initRepo(
                                    Fixture.CALLER, Fixture.repo("/data/" + i).build()),
                            CLIENTS)
                    .map(reply -> reply.getRepo())
                    .collectList());
            JournalStats before = journal.stats();
            Fixture.done(Flux.fromIterable(repos)
                    .flatMap(repo -> commands(server, repo), CLIENTS)
                    .then()
                    .thenReturn(true));
            JournalStats after = journal.stats();
            assertThat(after.appends() - before.appends()).isEqualTo(CLIENTS * COMMANDS);
            assertThat(after.syncs() - before.syncs()).isLessThan(CLIENTS * COMMANDS / 4);
        }
    }

    private static Mono<Void> commands(Fixture server, ByteString repo) {
        SetRepoErrorI set = SetRepoErrorI.newBuilder()
                .setRepo(repo)
                .setErrorMessage("broken")
                .build();
        ClearRepoErrorI clear = ClearRepoErrorI.newBuilder()
                .setRepo(repo)
                .setErrorMessage("broken")
                .build();
        return Flux.range(0, COMMANDS)
                .concatMap(i -> i % 2 == 0
                        ? server.registry.setRepoError(Fixture.CALLER, set).then()
                        : server.registry.clearRepoError(Fixture.CALLER, clear).then())
                .then();
    }
}
