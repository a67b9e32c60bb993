package io.repowatch.storage;

import java.util.Locale;

/** The branches of a shadow repo (storage specification §5.2). */
enum Branch {
    STUB,
    STAT,
    SHA,
    META,
    CONTENT,
    SOT,
    TOS;

    String ref() {
        return "refs/heads/master-" + name().toLowerCase(Locale.ROOT);
    }
}
