package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the paths of one repo as templates. They repeat each other: {@code /org/data/a}, {@code /srv/data/a},
 * {@code /shadow/srv/data/a/<id>.fso}; with marks in place of the part that the first two have in common and of the id, most
 * repos of a registry have the same templates. {@link #expand} gives back exactly what {@link #template} took.
 */
final class PathTemplates {
    private static final char COMMON = '\u0001';
    private static final char ID = '\u0002';

    private final String common;
    private final String id;

    PathTemplates(String common, UUID id) {
        this.common = common;
        this.id = id.toString();
    }

    /** The last components that both paths have in common, with a leading slash; empty if there are none. */
    static String common(@Nullable GlobalPath globalPath, String hostPath) {
        String one = globalPath == null ? "" : globalPath.value();
        int same = 0;
        while (same < Math.min(one.length(), hostPath.length())
                && one.charAt(one.length() - 1 - same) == hostPath.charAt(hostPath.length() - 1 - same)) {
            same++;
        }
        int slash = one.indexOf('/', one.length() - same);
        return slash < 0 ? "" : one.substring(slash);
    }

    /** The path with marks; the path itself if it has nothing to mark. */
    String template(String path) {
        if (path.indexOf(COMMON) >= 0 || path.indexOf(ID) >= 0) {
            return path;
        }
        String marked = common.isEmpty() ? path : path.replace(common, String.valueOf(COMMON));
        return marked.replace(id, String.valueOf(ID));
    }

    /** The path that a template with marks stands for. */
    String expand(String template) {
        return template.replace(String.valueOf(ID), id).replace(String.valueOf(COMMON), common);
    }
}
