package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.wire.nogfso.ConfigField;
import io.repowatch.wire.nogfso.ConfigMap;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.StringList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamingRulesTest {
    private static FsoRepoNaming rule(String name, ConfigField... fields) {
        return FsoRepoNaming.newBuilder()
                .setRule(name)
                .setConfig(ConfigMap.newBuilder().addAllFields(List.of(fields)))
                .build();
    }

    private static ConfigField texts(String key, String... values) {
        return ConfigField.newBuilder()
                .setKey(key)
                .setTextList(StringList.newBuilder().addAllVals(List.of(values)))
                .build();
    }

    private static ConfigField number(String key, double value) {
        return ConfigField.newBuilder().setKey(key).setNumber(value).build();
    }

    @Test
    void completeRulesAreChecked() {
        assertThat(NamingRules.problem(rule("Nonsense"))).isEqualTo("unknown repo naming rule");
        assertThat(NamingRules.problem(rule("Stdtools2017"))).isNull();
        assertThat(NamingRules.problem(rule("Stdtools2017", texts("ignore", "a"))))
                .isNull();
        assertThat(NamingRules.problem(rule("Stdtools2017", texts("ignore")))).contains("non-empty text list");
        assertThat(NamingRules.problem(rule("Stdtools2017", texts("other", "a"))))
                .contains("exactly `ignore`");

        assertThat(NamingRules.problem(rule("SubdirLevel", number("level", 4)))).isNull();
        assertThat(NamingRules.problem(rule("SubdirLevel", number("level", 1), texts("ignore", "a"))))
                .isNull();
        assertThat(NamingRules.problem(rule("SubdirLevel"))).contains("`level`");
        assertThat(NamingRules.problem(rule("SubdirLevel", number("level", 5)))).contains("from 1 to 4");
        assertThat(NamingRules.problem(rule("SubdirLevel", number("level", 1.5))))
                .contains("integer");
        assertThat(NamingRules.problem(rule("SubdirLevel", texts("level", "1"))))
                .contains("integer");
        assertThat(NamingRules.problem(rule("SubdirLevel", number("level", 1), number("x", 1))))
                .contains("`level`");

        assertThat(NamingRules.problem(rule("PathPatterns", texts("patterns", "enter a", "repo a/*", "superrepo b"))))
                .isNull();
        assertThat(NamingRules.problem(rule("PathPatterns"))).contains("`patterns`");
        assertThat(NamingRules.problem(rule("PathPatterns", texts("patterns", "open a"))))
                .contains("malformed pattern `open a`");
        assertThat(NamingRules.problem(rule("PathPatterns", texts("patterns", "repo [a"))))
                .contains("malformed pattern `repo [a`");
    }

    @Test
    void onlyNumbersTextsAndTextListsAreValues() {
        ConfigField nested = ConfigField.newBuilder()
                .setKey("ignore")
                .setConfig(ConfigMap.getDefaultInstance())
                .build();
        assertThat(NamingRules.problem(rule("Stdtools2017", nested))).isEqualTo("unsupported ConfigMap value type");
        assertThat(NamingRules.problem(rule("Stdtools2017", ConfigField.getDefaultInstance())))
                .isEqualTo("unsupported ConfigMap value type");
    }

    @Test
    void patchesAreChecked() {
        assertThat(NamingRules.patchProblem(rule("Stdtools2017"))).contains("exactly `ignore`");
        assertThat(NamingRules.patchProblem(rule("Stdtools2017", texts("ignore", "a"))))
                .isNull();
        assertThat(NamingRules.patchProblem(rule("PathPatterns", texts("enabledPaths", "0 a", "2 b/c d"))))
                .isNull();
        assertThat(NamingRules.patchProblem(rule("PathPatterns", texts("enabledPaths", "3 a"))))
                .contains("depth from 0 to 2");
        assertThat(NamingRules.patchProblem(rule("PathPatterns", texts("enabledPaths"))))
                .contains("non-empty");
        assertThat(NamingRules.patchProblem(rule("PathPatterns", texts("patterns", "repo a"))))
                .contains("`enabledPaths`");
    }

    @Test
    void aPatchAppendsListsAndReplacesTheRest() {
        FsoRepoNaming base = rule("SubdirLevel", number("level", 1), texts("ignore", "a"));
        FsoRepoNaming patch = rule("SubdirLevel", number("level", 2), texts("ignore", "b"));
        assertThat(NamingRules.merged(base, patch))
                .isEqualTo(rule("SubdirLevel", number("level", 2), texts("ignore", "a", "b")));
    }
}
