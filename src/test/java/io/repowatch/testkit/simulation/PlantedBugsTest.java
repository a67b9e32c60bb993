package io.repowatch.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlantedBugsTest {
    private static final long LIMIT = 2000;
    private static final String BEGIN = "<!-- planted bugs: begin -->";
    private static final String END = "<!-- planted bugs: end -->";
    private static final Path DOCS = Path.of("docs", "simulation.md");

    /** Those that a few seeds find, so that the short run is short. */
    @ParameterizedTest
    @EnumSource(
            value = PlantedBug.class,
            names = {
                "SIGNAL_LOST_WHILE_AWAITING",
                "PERMIT_KEPT_WHILE_AWAITING",
                "FEED_POSITION_BEFORE_THE_SYNC",
                "SYNC_OMITTED",
                "SIDE_EFFECTS_IN_THE_HISTORY",
                "ONE_READ_TOO_MANY"
            })
    void aQuickBugIsFound(PlantedBug bug) {
        assertThat(bug.find(60)).isPresent();
    }

    @Test
    void everyBugOfTheTableIsPlanted() {
        assertThat(Arrays.stream(PlantedBug.values()).map(bug -> bug.number))
                .containsAll(IntStream.rangeClosed(1, 18).boxed().toList())
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(20);
    }

    /** Writes the table of docs/simulation.md anew, and fails if a bug is not found. */
    @Test
    @EnabledIfSystemProperty(named = "repowatch.simulation.planted", matches = "true")
    void writeTheTable() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| # | bug | seeds needed | seen as |", "|--:|---|--:|---|"));
        List<PlantedBug> missed = new ArrayList<>();
        for (PlantedBug bug : PlantedBug.values()) {
            OptionalLong seed = bug.find(LIMIT);
            String rule = seed.isEmpty()
                    ? "not found within " + LIMIT
                    : rule(bug.simulation().play(seed.getAsLong()).violations().get(0));
            if (seed.isEmpty()) {
                missed.add(bug);
            }
            String name = bug.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            rows.add("| " + bug.number + " | " + name + " | " + (seed.isEmpty() ? "-" : seed.getAsLong()) + " | " + rule
                    + " |");
        }
        String text = Files.readString(DOCS);
        String table = BEGIN + "\n\n" + String.join("\n", rows) + "\n\n" + END;
        Files.writeString(
                DOCS,
                Pattern.compile(Pattern.quote(BEGIN) + ".*" + Pattern.quote(END), Pattern.DOTALL)
                        .matcher(text)
                        .replaceFirst(table));
        assertThat(missed).isEmpty();
    }

    private static String rule(String violation) {
        return violation.replaceFirst("^at [0-9.]+ s ", "").replaceFirst(":.*", "");
    }
}
