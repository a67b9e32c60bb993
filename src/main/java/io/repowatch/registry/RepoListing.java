package io.repowatch.registry;

import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** The repos of one version of a registry in parts. Between two parts it remembers a path, nothing else. */
final class RepoListing {
    /** About 50 kB with paths of usual length. */
    private static final int PART = 500;

    private final GetReposI request;
    private final String prefix;
    private final Snapshot<RegistryState> snapshot;

    RepoListing(GetReposI request, String prefix, Snapshot<RegistryState> snapshot) {
        this.request = request;
        this.prefix = prefix;
        this.snapshot = snapshot;
    }

    static GetReposO.Builder header(GetReposI request, Snapshot<RegistryState> snapshot) {
        return GetReposO.newBuilder().setRegistry(request.getRegistry()).setVid(WireFields.bytes(snapshot.vid()));
    }

    /** One part for each element that is asked for; the first one also where there are no repos. */
    Flux<GetReposO> parts() {
        return Flux.generate(() -> "", (last, sink) -> {
            GetReposO part = part(last.isEmpty() ? null : last);
            sink.next(part);
            if (part.getReposCount() < PART) {
                sink.complete();
                return last;
            }
            return part.getRepos(part.getReposCount() - 1).getGlobalPath();
        });
    }

    private GetReposO part(@Nullable String last) {
        GetReposO.Builder part = header(request, snapshot);
        if (last == null) {
            snapshot.state().visitReposAtOrBelow(prefix, repo -> add(part, repo));
        } else {
            snapshot.state().visitReposAfter(prefix, last, repo -> add(part, repo));
        }
        return part.build();
    }

    private static boolean add(GetReposO.Builder part, RegistryRepo repo) {
        part.addRepos(repo.listed());
        return part.getReposCount() < PART;
    }
}
