package io.repowatch.testkit.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The disks of one storage host, and its GitLab: what is there survives every crash. */
final class StorageHost {
    private final String name;

    /** Data directories by path; what is in one never changes, so that it can be accounted for. */
    final Map<String, Data> data = new TreeMap<>();

    /** Shadow repos by path. */
    final Map<String, Shadow> shadows = new TreeMap<>();

    /** Which freeze has taken the attributes of a repo's data away. */
    final Map<UUID, UUID> freezes = new HashMap<>();

    private final Map<UUID, Long> projects = new HashMap<>();

    StorageHost(String name) {
        this.name = name;
    }

    /** A data directory. */
    static final class Data {
        final UUID repo;
        boolean frozen;

        Data(UUID repo) {
            this.repo = repo;
        }
    }

    /** A shadow repo. */
    static final class Shadow {
        final UUID repo;

        Shadow(UUID repo) {
            this.repo = repo;
        }
    }

    String name() {
        return name;
    }

    /** Where the shadow of a repo goes. */
    static String shadowPath(String hostPath, UUID repo) {
        return "/shadow" + hostPath + "/" + repo + ".fso";
    }

    /** The repo's GitLab project, which is made when it is first asked for. */
    long project(UUID repo) {
        return projects.computeIfAbsent(repo, id -> projects.size() + 1L);
    }
}
