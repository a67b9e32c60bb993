package io.repowatch.service.bench;

import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.testkit.Events;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;

/** A registry of many repos that keeps nothing: every event is made when it is read. */
final class GeneratedSource implements EventSource {
    private static final long REPO = 0x0123_4567_89AB_4DEFL;

    private final int repos;
    GeneratedSource(int repos) {
        this.repos = repos;
    }

    private static UUID repo(int number) {
        return new UUID(REPO, number);
    }

    private static String globalPath(int number) {
        return Dataset.ROOT + String.format("/data/group-%02d/project-%06d", number % 100, number);
    }

    private static String hostPath(int number) {
        return "/srv" + globalPath(number).substring(Dataset.ROOT.length());
    }

    private static String shadowPath(int number) {
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
                : stream instanceof RegistryKey ? Flux.range(0, repos).map(GeneratedSource::added) : Flux.empty();
        return bodies.index((index, body) -> new Event<>(new Vid(1, index + 1), null, (E) body));
    }

    private static RegistryEvent added(int number) {
        return Events.repoAdded(repo(number), globalPath(number));
    }

    private static List<RepoEvent> history(int number) {
        FsoRepoInitInfo info = FsoRepoInitInfo.newBuilder()
                .setRegistry(Dataset.REGISTRY)
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
