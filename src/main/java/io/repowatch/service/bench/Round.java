package io.repowatch.service.bench;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What was measured in one round.
 *
 * @param samples by side
 */
record Round(Map<String, Sample> samples) {
    OptionalDouble figure(String side, String name) {
        Sample sample = samples.get(side);
        Double value = sample == null ? null : sample.figures().get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
