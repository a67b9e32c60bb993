package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.Journal;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.v1.MainEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A registry in memory on the calling thread, with short words for what tests do to it. */
final class Fixture implements AutoCloseable {
    static final String REG = "exreg";
    static final Principal CALLER = new Principal("tester");
    static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L));
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Journal journal;
    final Registry registry;

    Fixture() {
        this(new MemoryJournal());
    }

    Fixture(Journal journal) {
        this(journal, Schedulers.immediate(), Authorizer.ALLOW_ALL);
    }

    Fixture(Journal journal, Scheduler scheduler, Authorizer authorizer) {
        this(
                journal,
                RegistryConfig.builder(scheduler, new Random(journal.position()))
                        .clock(CLOCK)
                        .authorizer(authorizer)
                        .build());
    }

    Fixture(Journal journal, RegistryConfig config) {
        this.journal = journal;
        this.registry = Registry.open(journal, config);
    }

    Fixture(Journal journal, RegistryConfig config, FeedLimits limits) {
        this.journal = journal;
        this.registry = Registry.open(journal, config, limits);
    }

    /** A fixture with registry {@code exreg} and root {@code /data} at {@code host:/srv/data}. */
    static Fixture withRoot() {
        return new Fixture().prepared();
    }

    Fixture prepared() {
        initRegistry(REG);
        initRoot(REG, "/data");
        return this;
    }

    static <T> T done(Mono<T> answer) {
        T value = answer.block(PATIENCE);
        if (value == null) {
            throw new AssertionError("no answer");
        }
        return value;
    }

    Vid initRegistry(String name) {
        return vid(done(registry.initRegistry(
                        CALLER, InitRegistryI.newBuilder().setRegistry(name).build()))
                .getMainVid());
    }

    Vid initRoot(String registryName, String path) {
        return vid(done(registry.initRoot(CALLER, root(registryName, path).build()))
                .getVid());
    }

    static InitRootI.Builder root(String registryName, String path) {
        return InitRootI.newBuilder()
                .setRegistry(registryName)
                .setGlobalRoot(path)
                .setHost("host")
                .setHostRoot("/srv" + path);
    }

    InitRepoO initRepo(String path) {
        return done(registry.initRepo(CALLER, repo(path).build()));
    }

    static InitRepoI.Builder repo(String path) {
        return InitRepoI.newBuilder()
                .setRegistry(REG)
                .setGlobalPath(path)
                .setCreatorName("A")
                .setCreatorEmail("a@example.org");
    }

    GetRepoO getRepo(ByteString repo) {
        return done(registry.getRepo(CALLER, GetRepoI.newBuilder().setRepo(repo).build()));
    }

    Vid registryVid(String name) {
        return vid(
                done(registry.info(CALLER, InfoI.newBuilder().setRegistry(name).build()))
                        .getVid());
    }

    List<StoredEvent> stored(StreamId stream) {
        return done(journal.read(stream, Vid.EPOCH).collectList());
    }

    List<RegistryEvent> registryEvents(String name) {
        return stored(registryStream(name)).stream()
                .map(event -> Replay.parsed(RegistryAggregate.INSTANCE, name, event))
                .toList();
    }

    List<RegistryEvent.Type> registryTypes() {
        return registryEvents(REG).stream().map(RegistryEvent::getEvent).toList();
    }

    List<RepoEvent> repoEvents(ByteString repo) {
        return stored(repoStream(uuid(repo))).stream()
                .map(event -> Replay.parsed(RepoAggregate.INSTANCE, repo, event))
                .toList();
    }

    List<MainEvent> mainEvents() {
        return stored(Category.MAIN.stream(EntityIds.main())).stream()
                .map(event -> Replay.parsed(MainAggregate.INSTANCE, "main", event))
                .toList();
    }

    /** Puts an event into the journal as another writer would, before the registry has loaded the stream. */
    Vid put(StreamId stream, Vid id, byte[] body) {
        done(journal.append(List.of(new Append(stream, null, List.of(new StoredEvent(id, body))))));
        return id;
    }

    static StreamId registryStream(String name) {
        return Category.REGISTRY.stream(EntityIds.registry(name));
    }

    static StreamId repoStream(UUID repo) {
        return Category.REPO.stream(repo);
    }

    static UUID uuid(ByteString bytes) {
        return EntityIds.of(bytes.toByteArray());
    }

    static ByteString bytes(UUID id) {
        return ByteString.copyFrom(EntityIds.toBytes(id));
    }

    static ByteString bytes(Vid vid) {
        return ByteString.copyFrom(vid.toBytes());
    }

    static Vid vid(ByteString bytes) {
        return Vid.of(bytes.toByteArray());
    }

    /** The code and text with which something is refused. */
    static String refusal(Mono<?> answer) {
        return refusal(() -> answer.block(PATIENCE));
    }

    static String refusal(ThrowingCallable action) {
        try {
            action.call();
        } catch (CommandRejectedException e) {
            return e.code() + " " + e.getMessage();
        } catch (Throwable e) {
            throw new AssertionError("not a refusal", e);
        }
        return "OK";
    }

    @Override
    public void close() {
        registry.close();
        journal.close();
    }
}
