package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.testkit.Events;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;

/** A registry of many repos that keeps nothing: every event is made when it is read. */
final class GeneratedRegistry implements EventSource {
    static final String NAME = "exreg";

    private static final long REPO = 0x0123_4567_89AB_4DEFL;

    private final int repos;
    private final AtomicInteger openReads = new AtomicInteger();

    GeneratedRegistry(int repos) {
        this.repos = repos;
    }

    int openReads() {
        return openReads.get();
    }

    static UUID repo(int number) {
        return new UUID(REPO, number);
    }

    static String globalPath(int number) {
        return String.format("/example/data/group-%02d/project-%06d", number % 100, number);
    }

    static String hostPath(int number) {
        return "/srv" + globalPath(number).substring("/example".length());
    }

    static String shadowPath(int number) {
        return "/var/shadow" + hostPath(number) + "/" + repo(number) + ".fso";
    }

    @Override
    public boolean lossless() {
        return true;
    }

    @Override
    public Flux<Wakeup> wakeups() {
        return Flux.concat(Flux.just(Wakeup.ALL), Flux.never());
    }

    @Override
    @SuppressWarnings("unchecked") // the key says what its events are
    public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
        if (!after.isEpoch()) {
            return Flux.empty();
        }
        Flux<?> bodies = stream instanceof RepoKey key
                ? Flux.fromIterable(history((int) key.repo().getLeastSignificantBits()))
                : stream instanceof RegistryKey ? Flux.range(0, repos).map(GeneratedRegistry::added) : Flux.empty();
        return bodies.index((index, body) -> new Event<>(new Vid(1, index + 1), null, (E) body))
                .doOnSubscribe(subscription -> openReads.incrementAndGet())
                .doFinally(end -> openReads.decrementAndGet());
    }

    private static RegistryEvent added(int number) {
        return Events.repoAdded(repo(number), globalPath(number));
    }

    private static List<RepoEvent> history(int number) {
        FsoRepoInitInfo info = FsoRepoInitInfo.newBuilder()
                .setRegistry(NAME)
                .setGlobalPath(globalPath(number))
                .setCreatorName("A. User " + number % 50)
                .setCreatorEmail("user-" + number % 50 + "@example.org")
                .setFileHost("files.example.org")
                .setHostPath(hostPath(number))
                .build();
        return List.of(
                Events.initStarted(info),
                Events.shadowCreated(shadowPath(number)),
                Events.gitlabAccepted("gitlab.example.org", String.format("data/project-%06d", number)),
                Events.gitCreated(1_000_000L + number),
                Events.errorSet("a disk was full"),
                Events.errorCleared(),
                other(RepoEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2),
                other(RepoEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2));
    }

    private static RepoEvent other(RepoEvent.Type type) {
        return RepoEvent.newBuilder().setEvent(type).build();
    }
}
