package io.repowatch.archfixture.observer;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Supplier;

final class TellsTheTime {
    static Instant instant() {
        return Instant.now();
    }

    static Supplier<Instant> reference() {
        return Instant::now;
    }

    static LocalDate date() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    static long nanos() {
        return System.nanoTime();
    }

    static long millis() {
        return System.currentTimeMillis();
    }

    static Instant injected(Clock clock) {
        return Instant.now(clock);
    }
}
