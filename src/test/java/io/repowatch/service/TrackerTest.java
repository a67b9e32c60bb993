package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.GlobalPath;
import io.repowatch.registry.MoveAccept;
import io.repowatch.storage.StorageConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class TrackerTest {
    @TempDir
    Path temp;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<String> made = new CopyOnWriteArrayList<>();
    private Path root = Path.of("");

    @BeforeEach
    void makeRoot() throws IOException {
        root = temp.toRealPath();
    }

    @Test
    void newDirectoriesAreFoundAtEveryInterval() throws IOException {
        mkdir("a");
        Tracker tracker = tracker(1, this::make);

        StepVerifier.create(tracker.passes())
                .expectNext(true)
                .then(() -> mkdir("b"))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(60)))
                .expectNext(true)
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(60)))
                .expectNext(true)
                .thenCancel()
                .verify();

        assertThat(made).containsExactly("/r/a", "/r/b");
    }

    @Test
    void aFailureIsTriedAgainInTheNextPassAndHindersNobody() throws IOException {
        mkdir("a");
        mkdir("b");
        boolean[] refuse = {true};
        Tracker tracker = tracker(
                1,
                path -> refuse[0] && path.value().equals("/r/a")
                        ? Mono.error(new IllegalStateException("refused"))
                        : make(path));

        StepVerifier.create(tracker.passes())
                .expectNext(true)
                .then(() -> refuse[0] = false)
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(60)))
                .expectNext(true)
                .thenCancel()
                .verify();

        assertThat(made).containsExactly("/r/b", "/r/a");
    }

    @Test
    void aDirectoryAtThePlaceOfARepoThatHasMovedAwayIsANewOne() throws IOException {
        mkdir("a");
        Tracker tracker = tracker(1, this::make);

        StepVerifier.create(tracker.passes())
                .expectNext(true)
                .then(() -> rename("a", "b"))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(60)))
                .expectNext(true)
                .then(() -> mkdir("a"))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(60)))
                .expectNext(true)
                .thenCancel()
                .verify();

        assertThat(made).containsExactly("/r/a", "/r/b", "/r/a");
    }

    private void rename(String from, String to) {
        try {
            Files.move(root.resolve(from), root.resolve(to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMissingRootDoesNotEndTracking() throws IOException {
        Tracker tracker = tracker(1, this::make);
        Files.delete(root);

        StepVerifier.create(tracker.passes().take(1)).expectNext(true).verifyComplete();

        Files.createDirectory(root);
        assertThat(made).isEmpty();
    }

    @Test
    void knownPathsAreNotMadeAgain() {
        mkdir("a");
        Tracker tracker = tracker(1, this::make);
        tracker.addKnown(GlobalPath.parse("/r/a"));

        StepVerifier.create(tracker.passes().take(1)).expectNext(true).verifyComplete();

        assertThat(made).isEmpty();
    }

    @Test
    void withoutTrackingThereIsOneEmptyPass() {
        mkdir("a");

        StepVerifier.create(tracker(0, this::make).passes()).expectNext(true).verifyComplete();

        assertThat(made).isEmpty();
    }

    private Mono<Void> make(GlobalPath path) {
        return Mono.fromRunnable(() -> made.add(path.value()));
    }

    private void mkdir(String name) {
        try {
            Files.createDirectory(root.resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Tracker tracker(int depth, Function<GlobalPath, Mono<Void>> makeRepo) {
        ServeConfig config = new ServeConfig(
                root.resolve("data"),
                List.of("local"),
                Map.of(GlobalPath.parse("/r"), root),
                List.of("localhost"),
                new Endpoints.Addresses(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null),
                new TrackDepth(depth),
                Duration.ofSeconds(60),
                GitAuthor.NOBODY,
                MoveAccept.AUTO,
                List.of(),
                StorageConfig.Move.AUTO,
                null);
        return new Tracker(config, makeRepo, Schedulers.immediate(), time);
    }
}
