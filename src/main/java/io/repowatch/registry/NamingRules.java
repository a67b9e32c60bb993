package io.repowatch.registry;

import io.repowatch.wire.nogfso.ConfigField;
import io.repowatch.wire.nogfso.ConfigMap;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.StringList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules that say which directories below a root are repos (registry specification §3.2.1). */
final class NamingRules {
    private static final String IGNORE = "ignore";
    private static final String LEVEL = "level";
    private static final String PATTERNS = "patterns";
    private static final String ENABLED_PATHS = "enabledPaths";
    private static final int MAX_LEVEL = 4;
    private static final Set<String> ACTIONS = Set.of("enter", "repo", "superrepo", "ignore");
    private static final Pattern ENABLED_PATH = Pattern.compile("[0-2] .+");

    private NamingRules() {}

    /** What is wrong with a complete rule; null if nothing is. */
    static @Nullable String problem(FsoRepoNaming naming) {
        return problem(naming, false);
    }

    /** What is wrong with a patch of a rule; null if nothing is. */
    static @Nullable String patchProblem(FsoRepoNaming patch) {
        return problem(patch, true);
    }

    private static @Nullable String problem(FsoRepoNaming naming, boolean patch) {
        Map<String, ConfigField> fields = new LinkedHashMap<>();
        for (ConfigField field : naming.getConfig().getFieldsList()) {
            switch (field.getValCase()) {
                case NUMBER, TEXT, TEXTLIST -> {}
                default -> {
                    return "unsupported ConfigMap value type";
                }
            }
            if (fields.put(field.getKey(), field) != null) {
                return "duplicate naming config key `" + field.getKey() + "`";
            }
        }
        return switch (naming.getRule()) {
            case "Stdtools2017" -> stdtools(fields, patch);
            case "SubdirLevel" -> subdirLevel(fields);
            case "PathPatterns" -> patch ? enabledPaths(fields) : pathPatterns(fields);
            default -> "unknown repo naming rule";
        };
    }

    private static @Nullable String stdtools(Map<String, ConfigField> fields, boolean patch) {
        if (fields.isEmpty() && !patch) {
            return null;
        }
        return fields.keySet().equals(Set.of(IGNORE)) ? listProblem(fields, IGNORE) : expected("exactly `ignore`");
    }

    private static @Nullable String subdirLevel(Map<String, ConfigField> fields) {
        ConfigField level = fields.get(LEVEL);
        if (level == null || !Set.of(LEVEL, IGNORE).containsAll(fields.keySet())) {
            return expected("`level` and optionally `ignore`");
        }
        double number = level.getNumber();
        if (!level.hasNumber() || number != Math.rint(number) || number < 1 || number > MAX_LEVEL) {
            return "naming config `level` must be an integer from 1 to " + MAX_LEVEL;
        }
        return fields.containsKey(IGNORE) ? listProblem(fields, IGNORE) : null;
    }

    private static @Nullable String pathPatterns(Map<String, ConfigField> fields) {
        ConfigField patterns = fields.get(PATTERNS);
        if (patterns == null || fields.size() != 1 || !patterns.hasTextList()) {
            return expected("exactly the text list `patterns`");
        }
        for (String pattern : patterns.getTextList().getValsList()) {
            int space = pattern.indexOf(' ');
            if (space < 0 || !ACTIONS.contains(pattern.substring(0, space))) {
                return "malformed pattern `" + pattern + "`: expected enter, repo, superrepo or ignore, then a glob";
            }
            try {
                new ShellGlob(pattern.substring(space + 1));
            } catch (IllegalArgumentException e) {
                return "malformed pattern `" + pattern + "`: " + e.getMessage();
            }
        }
        return null;
    }

    private static @Nullable String enabledPaths(Map<String, ConfigField> fields) {
        ConfigField paths = fields.get(ENABLED_PATHS);
        if (paths == null || fields.size() != 1) {
            return expected("exactly `enabledPaths`");
        }
        String problem = listProblem(fields, ENABLED_PATHS);
        if (problem != null) {
            return problem;
        }
        for (String path : paths.getTextList().getValsList()) {
            if (!ENABLED_PATH.matcher(path).matches()) {
                return "malformed enabled path `" + path + "`: expected a depth from 0 to 2, then a path";
            }
        }
        return null;
    }

    private static @Nullable String listProblem(Map<String, ConfigField> fields, String key) {
        ConfigField field = fields.get(key);
        return field != null && field.hasTextList() && field.getTextList().getValsCount() > 0
                ? null
                : "naming config `" + key + "` must be a non-empty text list";
    }

    private static String expected(String what) {
        return "invalid naming config: expected " + what;
    }

    /** The rule with a patch merged in: lists are appended, other values replaced. */
    static FsoRepoNaming merged(FsoRepoNaming base, FsoRepoNaming patch) {
        Map<String, ConfigField> fields = new LinkedHashMap<>();
        base.getConfig().getFieldsList().forEach(field -> fields.put(field.getKey(), field));
        for (ConfigField added : patch.getConfig().getFieldsList()) {
            fields.merge(added.getKey(), added, NamingRules::appended);
        }
        return base.toBuilder()
                .setConfig(ConfigMap.newBuilder().addAllFields(fields.values()))
                .build();
    }

    private static ConfigField appended(ConfigField old, ConfigField added) {
        if (!old.hasTextList() || !added.hasTextList()) {
            return added;
        }
        return old.toBuilder()
                .setTextList(StringList.newBuilder()
                        .addAllVals(old.getTextList().getValsList())
                        .addAllVals(added.getTextList().getValsList()))
                .build();
    }
}
