package io.repowatch.archfixture.client;

import io.repowatch.archfixture.observer.Inside;
import io.repowatch.observer.RepoKey;
import java.util.UUID;

final class KnowsTheInsideOfTheObserver {
    static boolean inside(Object value) {
        return Inside.THING.equals(value);
    }

    static Object port() {
        return new RepoKey(new UUID(0, 0));
    }
}
