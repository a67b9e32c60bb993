package io.repowatch.service.bench;

import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a figure of ours, alone or divided by one of another side in the same round, shall be.
 *
 * @param what it says, in a few words
 * @param side whose figure it is
 * @param figure the name of the figure in the samples of {@code side}
 * @param baseline the side to divide by; null for the figure alone
 * @param divisor the name of the figure in the samples of {@code baseline}; null for the figure alone
 * @param limit what is at least, or at most, wanted; not a number where the figure is only reported
 * @param atLeast which of the two
 */
record Goal(
        String what,
        String side,
        String figure,
        @Nullable String baseline,
        @Nullable String divisor,
        double limit,
        boolean atLeast) {
    /** A ratio of the same figure of two sides that shall be at least this. */
    static Goal atLeast(double limit, String what, String side, String baseline, String figure) {
        return new Goal(what, side, figure, baseline, figure, limit, true);
    }

    /** A ratio of the same figure of two sides that shall be at most this. */
    static Goal atMost(double limit, String what, String side, String baseline, String figure) {
        return new Goal(what, side, figure, baseline, figure, limit, false);
    }

    /** A figure that shall be at most this. */
    static Goal atMost(double limit, String what, String side, String figure) {
        return new Goal(what, side, figure, null, null, limit, false);
    }

    /** A ratio that is only reported. */
    static Goal reported(String what, String side, String baseline, String figure) {
        return new Goal(what, side, figure, baseline, figure, Double.NaN, true);
    }

    /** The value in one round; empty where a side was not measured. */
    OptionalDouble value(Round round) {
        OptionalDouble own = round.figure(side, figure);
        if (baseline == null || divisor == null) {
            return own;
        }
        OptionalDouble other = round.figure(baseline, divisor);
        return own.isEmpty() || other.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(own.getAsDouble() / other.getAsDouble());
    }

    boolean isMet(double value) {
        return Double.isNaN(limit) || (atLeast ? value >= limit : value <= limit);
    }

    String wanted() {
        return Double.isNaN(limit)
                ? "reported"
                : String.format(Locale.ROOT, "%s %s", atLeast ? "at least" : "at most", Report.number(limit));
    }
}
