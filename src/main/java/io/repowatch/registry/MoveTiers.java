package io.repowatch.registry;

import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import org.jspecify.annotations.Nullable;

/**
 * Which storage tiers allow a move (defect W27). A directory that is immutable cannot be renamed, so the files of a repo move
 * only while they may be changed; a shadow never is immutable, but is in use while the tier changes.
 */
final class MoveTiers {
    private MoveTiers() {}

    /** Why a repo in this tier does not move; null if it may. */
    static @Nullable Rejection refusedRepo(StorageTierCode tier) {
        return switch (tier) {
            case ST_ONLINE, ST_FREEZE_FAILED -> null;
            default -> refused(tier, "a repo moves only while its files may be changed; unfreeze it first");
        };
    }

    /** Why the shadow of a repo in this tier does not move; null if it may. */
    static @Nullable Rejection refusedShadow(StorageTierCode tier) {
        return switch (tier) {
            case ST_FREEZING, ST_UNFREEZING, ST_ARCHIVING, ST_UNARCHIVING ->
                refused(tier, "its shadow is needed until that has ended");
            default -> null;
        };
    }

    private static Rejection refused(StorageTierCode tier, String why) {
        return Refusals.precondition("storage workflow conflict: the repo is " + tier + ", " + why);
    }
}
