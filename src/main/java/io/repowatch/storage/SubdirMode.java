package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How subdirectories are tracked, and the files on the stub branch that say so (storage specification §5.4). */
enum SubdirMode {
    /** Everything is entered. */
    ENTER(Map.of(".gitignore", "")),
    /** Top-level files, and a summary of each direct subdirectory. */
    BUNDLE(Map.of(".gitignore", "/*/\n", ".gitattributes", "/*/ nogbundle\n", ".nogbundles", "/*/\n")),
    /** Top-level files. */
    IGNORE(Map.of(".gitignore", "/*/\n")),
    /** The summary of the whole, and the read-me. */
    IGNORE_MOST(Map.of(".gitignore", "/*\n!/.gitattributes\n!/.gitignore\n!/.nogbundles\n!/README.md\n!/README.txt\n"));

    private final SortedMap<String, String> stubFiles;

    SubdirMode(Map<String, String> stubFiles) {
        this.stubFiles = new TreeMap<>(stubFiles);
    }

    SortedMap<String, String> stubFiles() {
        return stubFiles;
    }

    /** What the registry asks for; what it leaves open, or says in a way not known here, means that everything is entered. */
    static SubdirMode of(SubdirTracking tracking) {
        return switch (tracking) {
            case ST_BUNDLE_SUBDIRS -> BUNDLE;
            case ST_IGNORE_SUBDIRS -> IGNORE;
            case ST_IGNORE_MOST -> IGNORE_MOST;
            case ST_ENTER_SUBDIRS, ST_UNSPECIFIED, UNRECOGNIZED -> ENTER;
        };
    }

    /** What the stub files of an existing shadow say. Other programs word the last mode differently. */
    static SubdirMode ofStub(Map<String, String> files) {
        if (!files.getOrDefault(".nogbundles", "").isBlank()) {
            return BUNDLE;
        }
        String ignore = files.getOrDefault(".gitignore", "").strip();
        if (ignore.isEmpty()) {
            return ENTER;
        }
        if (ignore.equals("/*/")) {
            return IGNORE;
        }
        if (Arrays.asList(ignore.split("\n", -1)).stream().anyMatch(line -> line.equals("/*") || line.equals("*"))) {
            return IGNORE_MOST;
        }
        throw new StrongError("the shadow's .gitignore is of no known kind; re-initialise the subdirectory tracking");
    }
}
