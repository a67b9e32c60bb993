package io.repowatch.archfixture.observer;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

final class ThrowsDice {
    static UUID uuid() {
        return UUID.randomUUID();
    }

    static int threadLocal() {
        return ThreadLocalRandom.current().nextInt();
    }

    static double math() {
        return Math.random();
    }
}
