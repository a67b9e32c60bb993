package io.repowatch.storage;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A host with data and shadows in a temporary directory, and a registry that takes whatever it is told. */
final class StorageFixture implements AutoCloseable, RegistryCommands {
    static final UUID REPO = UUID.fromString("11111111-2222-4333-8444-555555555555");
    static final long MTIME = 1_700_000_000;
    static final Duration LONG = Duration.ofSeconds(60);

    final Path shadowRoot;
    final Path data;
    final Scheduler blocking = Schedulers.newBoundedElastic(2, 1000, "storage-test", 60, true);
    final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    final RepoTable table = new RepoTable();
    final List<String> confirmed = new CopyOnWriteArrayList<>();
    Instant now = Instant.parse("2026-03-04T05:06:07.8Z");
    StorageConfig config;
    ProgressListener progress = ProgressListener.NONE;
    InitStep.Listener steps = step -> {};
    GetRepoO answer = GetRepoO.getDefaultInstance();

    StorageFixture(Path directory) throws IOException {
        shadowRoot = directory.resolve("shadow");
        data = Files.createDirectories(directory.resolve("data/p"));
        config = StorageConfig.builder(shadowRoot).host("localhost").build();
    }

    ShadowInitializer initializer() {
        return initializer(this);
    }

    ShadowInitializer initializer(RegistryCommands commands) {
        return new ShadowInitializer(commands, config, table, blocking, creation(), moves(MoveStep.Listener.NONE));
    }

    RepoMoves moves(MoveStep.Listener listener) {
        return new RepoMoves(config, table, new BlockingWork(blocking), timer, ProgressListener.NONE, listener);
    }

    StorageProcessor processor(FreezeStep.Listener listener) {
        return new StorageProcessor(table, config, blocking, statOperation(), listener);
    }

    ShadowCreation creation() {
        return new ShadowCreation(
                config,
                () -> now,
                new Random(1),
                (repo, entries, bytes) -> progress.walked(repo, entries, bytes),
                step -> steps.done(step));
    }

    void init(SubdirTracking tracking) {
        initializer().initRepo(state(tracking)).block(LONG);
    }

    boolean stat(boolean rangeOnly) {
        return statOperation().run(request(rangeOnly), () -> false);
    }

    StatOperation statOperation() {
        return new StatOperation(config, () -> now, (repo, entries, bytes) -> progress.walked(repo, entries, bytes));
    }

    StatOperation.Request request(boolean rangeOnly) {
        return new StatOperation.Request(
                REPO, data.toString(), shadow(), new GitUser("Requester", "requester@example.org"), rangeOnly);
    }

    Path shadow() {
        return shadowRoot.resolve(Path.of("/").relativize(data)).resolve(REPO + ".fso");
    }

    GitCommand git() {
        return new GitCommand(shadow());
    }

    RepoState state(SubdirTracking tracking) {
        return state(tracking, "The Creator", "creator@example.org", "", "");
    }

    RepoState state(SubdirTracking tracking, String name, String email, String shadowPath, String error) {
        return new RepoState(
                REPO,
                new Vid(1, 2),
                "reg",
                GlobalPath.parse("/g/p"),
                name,
                email,
                "localhost",
                data.toString(),
                tracking,
                true,
                shadowPath,
                "git.example.org",
                "ns/x",
                0,
                error,
                null,
                null,
                null,
                shadowPath.isEmpty() ? StorageTierCode.ST_UNSPECIFIED : StorageTierCode.ST_ONLINE);
    }

    RepoInfo info() {
        return info(StorageTierCode.ST_ONLINE);
    }

    RepoInfo info(StorageTierCode tier) {
        return new RepoInfo(
                REPO,
                new Vid(1, 2),
                "reg",
                GlobalPath.parse("/g/p"),
                "localhost",
                data.toString(),
                shadow().toString(),
                null,
                tier);
    }

    /** A file of some bytes, with a fixed time. */
    void file(String name, int size) throws IOException {
        Path file = data.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[size]);
        touch(file);
    }

    /** The fixed time on a thing, and on everything above it up to the data directory. */
    void touch(Path path) throws IOException {
        for (Path p = path; p != null && p.startsWith(data); p = p.getParent()) {
            Files.setLastModifiedTime(p, FileTime.from(Instant.ofEpochSecond(MTIME)));
        }
    }

    /** What is left of attempts that did not come to an end. */
    List<Path> leftovers() throws IOException {
        if (!Files.exists(shadow().getParent())) {
            return List.of();
        }
        try (var names = Files.list(shadow().getParent())) {
            return names.filter(name -> !name.equals(shadow())).toList();
        }
    }

    @Override
    public Mono<GetRepoO> getRepo(UUID repo) {
        return Mono.fromSupplier(() -> answer);
    }

    @Override
    public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
        return Mono.fromSupplier(() -> {
            confirmed.add(shadowPath);
            return new Vid(3, confirmed.size());
        });
    }

    @Override
    public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
        return Mono.error(new AssertionError("not expected"));
    }

    @Override
    public Mono<Vid> setRepoError(UUID repo, String message) {
        return Mono.error(new AssertionError("not expected"));
    }

    @Override
    public void close() {
        blocking.dispose();
    }
}
