package io.repowatch.observer;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.GlobalPath;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What each event of a registry means for the chains of its repos (storage specification §1.3 with the corrections of §14).
 * Pure.
 */
class RegistryRules {
    private final Prefixes prefixes;

    RegistryRules(Prefixes prefixes) {
        this.prefixes = prefixes;
    }

    /**
     * Where a repo stands at the end of the history.
     *
     * @param own whether its current path is ours
     * @param acquire the move that is to bring it to a path of ours, null if none
     */
    record Standing(boolean own, @Nullable UUID acquire) {
        static final Standing OWN = new Standing(true, null);
    }

    /** A link to append to a repo's chain. */
    record Append(UUID repo, Link link) {}

    /** The repos that concern us, in the order of their first event, so that every run starts them alike. */
    static Map<UUID, Standing> initial() {
        return new LinkedHashMap<>();
    }

    /** Folds one event of the history into {@code repos}; a malformed one changes nothing. */
    void fold(Map<UUID, Standing> repos, RegistryEvent event) {
        if (defect(event) != null) {
            return;
        }
        switch (event.getEvent()) {
            case EV_FSO_REPO_ADDED, EV_FSO_REPO_MOVED -> {
                if (own(event)) {
                    repos.put(repo(event), Standing.OWN);
                } else {
                    repos.remove(repo(event));
                }
            }
            case EV_FSO_REPO_MOVE_ACCEPTED -> {
                if (own(event)) {
                    // Keyed by the event's repo, known or not: a repo may come from a place that is not ours (D1, D2).
                    Standing now = repos.get(repo(event));
                    repos.put(repo(event), new Standing(now != null && now.own(), RepoFold.id(event.getWorkflowId())));
                }
            }
            default -> {}
        }
    }

    /** The link that one event after quiescence appends, null if none. */
    @Nullable
    Append onLive(RegistryEvent event) {
        if (defect(event) != null) {
            return null;
        }
        return switch (event.getEvent()) {
            case EV_FSO_REPO_ADDED, EV_FSO_REPO_MOVED -> own(event) ? new Append(repo(event), Link.FOLLOW) : null;
            case EV_FSO_REPO_MOVE_ACCEPTED ->
                own(event) ? new Append(repo(event), new Link.Acquire(id(event.getWorkflowId()))) : null;
            default -> null;
        };
    }

    /** What is wrong with an event, null if nothing is (D24). */
    static @Nullable String defect(RegistryEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_REPO_ADDED -> repoDefect(event);
            case EV_FSO_REPO_MOVE_ACCEPTED, EV_FSO_REPO_MOVED ->
                RepoFold.id(event.getWorkflowId()) == null ? "it names no workflow" : repoDefect(event);
            default -> null;
        };
    }

    private static @Nullable String repoDefect(RegistryEvent event) {
        if (RepoFold.id(event.getFsoRepoInfo().getId()) == null) {
            return "it names no repo";
        }
        return RepoFold.path(event.getFsoRepoInfo().getGlobalPath()) == null ? "it names no global path" : null;
    }

    private boolean own(RegistryEvent event) {
        return prefixes.own(GlobalPath.parse(event.getFsoRepoInfo().getGlobalPath()));
    }

    private static UUID repo(RegistryEvent event) {
        return id(event.getFsoRepoInfo().getId());
    }

    private static UUID id(ByteString bytes) {
        return EntityIds.of(bytes.toByteArray());
    }
}
