package io.repowatch.archfixture.storage;

import io.repowatch.engine.Wakeup;

final class KnowsTheEngine {
    static boolean wakeup(Object value) {
        return Wakeup.ALL.equals(value);
    }
}
