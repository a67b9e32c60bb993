package io.repowatch.archfixture.engine;

import io.repowatch.observer.RegistryKey;

final class KnowsTheObserver {
    static Object key() {
        return new RegistryKey("exreg");
    }
}
