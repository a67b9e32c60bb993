package io.repowatch.registry;

import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import org.jspecify.annotations.Nullable;

/** From where to where a move can lead. */
final class MovePlaces {
    private MovePlaces() {}

    /** The part of what is known of a repo that events of moves carry. */
    static FsoRepoInitInfo place(FsoRepoInitInfo info) {
        return FsoRepoInitInfo.newBuilder()
                .setGlobalPath(info.getGlobalPath())
                .setFileHost(info.getFileHost())
                .setHostPath(info.getHostPath())
                .build();
    }

    /**
     * Why no directory can move like this, whoever moves it; null if it can. The existing server accepts such moves and then
     * never comes up again (defect W4).
     */
    static @Nullable Rejection refused(FsoRepoInitInfo from, FsoRepoInitInfo to) {
        if (from.getFileHost().isEmpty() || to.getFileHost().isEmpty()) {
            return Refusals.invalid("missing file host: the root of the "
                    + (from.getFileHost().isEmpty()
                            ? "old path " + from.getGlobalPath()
                            : "new path " + to.getGlobalPath())
                    + " names none");
        }
        if (!from.getFileHost().equals(to.getFileHost())) {
            return Refusals.invalid("a move cannot change the file host: the repo is on " + from.getFileHost()
                    + ", the new path is on " + to.getFileHost());
        }
        if (from.getGlobalPath().isEmpty()
                || from.getHostPath().isEmpty()
                || to.getHostPath().isEmpty()) {
            return Refusals.invalid("missing path");
        }
        if (isBelow(to.getHostPath(), from.getHostPath()) || isBelow(from.getHostPath(), to.getHostPath())) {
            return Refusals.invalid("a directory cannot move into itself or its parent: from " + from.getHostPath()
                    + " to " + to.getHostPath());
        }
        return null;
    }

    private static boolean isBelow(String path, String above) {
        return path.startsWith(above.endsWith("/") ? above : above + "/") && path.length() > above.length();
    }

    /** What is wrong with the new path of a shadow; null if nothing is. */
    static @Nullable String shadowProblem(String path) {
        if (path.isEmpty()) {
            return "missing shadow path";
        }
        return path.startsWith("/") ? null : "malformed shadow path: \"" + path + "\" is not absolute";
    }
}
