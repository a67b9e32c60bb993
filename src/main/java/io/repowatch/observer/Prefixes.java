package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import java.util.List;

/**
 * Which paths an observer owns: those at or below one of its prefixes, compared by whole components (storage
 * specification §1.2). Immutable.
 */
final class Prefixes {
    private final List<String> prefixes;

    /** Takes the prefixes as configured; any number of trailing slashes is the same as none. */
    Prefixes(List<String> configured) {
        prefixes = configured.stream().map(Prefixes::withOneSlash).toList();
    }

    boolean own(GlobalPath path) {
        String text = path.value() + "/";
        for (String prefix : prefixes) {
            if (text.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static String withOneSlash(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(0, end) + "/";
    }
}
