package io.repowatch.engine;

/** The two classes of streams, each with its own limit of open reads, so that neither can starve the other. */
public enum StreamClass {
    /** The many streams, one for each watched entity. Default limit 10. */
    REPO,
    /** Everything else: registries, indexes, workflows. Default limit 20. */
    GENERAL
}
