package io.repowatch.id;

/** What a request concerns: a name (a registry, a channel) or a global path (a root, a repo). */
public sealed interface AccessScope {

    /** A named thing. */
    record OfName(String name) implements AccessScope {}

    /** A path in the registry's name space. */
    record OfPath(GlobalPath path) implements AccessScope {}

    /** The scope of a named thing. */
    static AccessScope name(String name) {
        return new OfName(name);
    }

    /** The scope of a path. */
    static AccessScope path(GlobalPath path) {
        return new OfPath(path);
    }
}
