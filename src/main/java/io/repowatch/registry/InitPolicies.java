package io.repowatch.registry;

import io.repowatch.wire.nogfso.FsoRepoInitPolicy;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy.SubdirTrackingGlob;
import io.repowatch.wire.nogfso.SubdirTracking;
import org.jspecify.annotations.Nullable;

/** The rules by which new repos track their subdirectories (registry specification §3.2.1). */
final class InitPolicies {
    private InitPolicies() {}

    /** What is wrong with a policy; null if nothing is. */
    static @Nullable String problem(FsoRepoInitPolicy policy) {
        if (policy.getPolicy() != FsoRepoInitPolicy.InitPolicy.IPOL_SUBDIR_TRACKING_GLOBLIST) {
            return "unsupported init policy";
        }
        if (policy.getSubdirTrackingGloblistCount() == 0) {
            return "empty subdir tracking globlist";
        }
        for (SubdirTrackingGlob entry : policy.getSubdirTrackingGloblistList()) {
            if (!isChoice(entry.getSubdirTracking())) {
                return "invalid subdir tracking";
            }
            try {
                new ShellGlob(entry.getPattern());
            } catch (IllegalArgumentException e) {
                return "malformed glob: " + e.getMessage();
            }
        }
        return null;
    }

    static boolean isChoice(SubdirTracking tracking) {
        return switch (tracking) {
            case ST_ENTER_SUBDIRS, ST_BUNDLE_SUBDIRS, ST_IGNORE_SUBDIRS, ST_IGNORE_MOST -> true;
            case ST_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }

    /** How a repo at {@code relative} below its root, empty for the root itself, tracks subdirectories: the first match. */
    static SubdirTracking tracking(@Nullable FsoRepoInitPolicy policy, String relative) {
        if (policy == null) {
            return SubdirTracking.ST_ENTER_SUBDIRS;
        }
        String path = relative.isEmpty() ? "." : relative;
        for (SubdirTrackingGlob entry : policy.getSubdirTrackingGloblistList()) {
            if (new ShellGlob(entry.getPattern()).matches(path)) {
                return entry.getSubdirTracking();
            }
        }
        return SubdirTracking.ST_IGNORE_MOST;
    }
}
