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

    /** The last component of the common part, where it stands without the others. */
    private static final char NAME = '\u0003';

    /** Shorter ones are found where they mean something else, in a different place for each repo. */
    private static final int SHORTEST_NAME = 3;

    private final String common;
    private final String name;
    private final String id;

    PathTemplates(String common, UUID id) {
        this.common = common;
        this.name = common.substring(common.lastIndexOf('/') + 1);
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
        if (path.indexOf(COMMON) >= 0 || path.indexOf(ID) >= 0 || path.indexOf(NAME) >= 0) {
            return path;
        }
        String marked = common.isEmpty() ? path : path.replace(common, String.valueOf(COMMON));
        marked = marked.replace(id, String.valueOf(ID));
        return name.length() < SHORTEST_NAME ? marked : marked.replace(name, String.valueOf(NAME));
    }

    /** The path that a template with marks stands for. */
    String expand(String template) {
        return template.replace(String.valueOf(NAME), name)
                .replace(String.valueOf(ID), id)
                .replace(String.valueOf(COMMON), common);
    }
}
