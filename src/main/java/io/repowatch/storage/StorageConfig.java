package io.repowatch.storage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where shadow repos live and which data directories may get one. Immutable; may be shared. Made by {@link #builder}.
 *
 * @param shadowRoot below which new shadow repos are made; absolute
 * @param shadowRootAlt further roots whose existing shadow repos are used; absolute; default none
 * @param trimHostRoot what is left out of a data directory's path when the shadow's path is made of it; absolute; default
 *     {@code /}
 * @param hosts the names under which this host's data is known in the registry; at least one
 * @param limits how large a data directory may be at first; default unlimited
 * @param committer who commits; default {@code repowatch <repowatch@localhost>}
 * @param statQueue how many stat runs may wait at a time, at least 1; default 30
 * @param openComparisons how many comparisons of directories with their shadows (StatStatus) may be open at a time, at least 1;
 *     default 4; each keeps what one directory holds in memory, as a stat run does
 * @param openTrees how many commits (ListStatTree, Summary) may be read at a time, at least 1; default 32; each keeps the names
 *     of one directory in memory
 * @param move who moves directories; default {@link Move#AUTO}
 * @param moveRecheck how often it is looked whether the operator has moved them, at least one millisecond; default 5 seconds
 */
public record StorageConfig(
        Path shadowRoot,
        List<Path> shadowRootAlt,
        Path trimHostRoot,
        Set<String> hosts,
        InitLimits limits,
        GitUser committer,
        int statQueue,
        int openComparisons,
        int openTrees,
        Move move,
        Duration moveRecheck) {

    /** Who moves the directories of a repo that is given another place. */
    public enum Move {
        /** This process. */
        AUTO,
        /** The operator, who is told what to do; this process waits until it is done. */
        MANUAL
    }

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException that names the field and its value if one is out of range
     */
    public StorageConfig {
        shadowRoot = absolute("shadowRoot", shadowRoot);
        shadowRootAlt = shadowRootAlt.stream()
                .map(path -> absolute("shadowRootAlt", path))
                .toList();
        trimHostRoot = absolute("trimHostRoot", trimHostRoot);
        hosts = Set.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("hosts must name at least one host, but is empty");
        }
        requirePositive("statQueue", statQueue);
        requirePositive("openComparisons", openComparisons);
        requirePositive("openTrees", openTrees);
        if (moveRecheck.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("moveRecheck must be at least 1 ms, but is " + moveRecheck);
        }
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " must be at least 1, but is " + value);
        }
    }

    private static Path absolute(String field, Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException(field + " must be an absolute path, but is \"" + path + "\"");
        }
        return path.normalize();
    }

    /** Starts with the defaults; hosts are still missing. */
    public static Builder builder(Path shadowRoot) {
        return new Builder(shadowRoot);
    }

    /** Collects the fields of a {@link StorageConfig}. For one thread. */
    public static final class Builder {
        private final Path shadowRoot;
        private List<Path> shadowRootAlt = List.of();
        private Path trimHostRoot = Path.of("/");
        private final Set<String> hosts = new LinkedHashSet<>();
        private InitLimits limits = InitLimits.UNLIMITED;
        private GitUser committer = new GitUser("repowatch", "repowatch@localhost");
        private int statQueue = 30;
        private int openComparisons = 4;
        private int openTrees = 32;
        private Move move = Move.AUTO;
        private Duration moveRecheck = Duration.ofSeconds(5);

        private Builder(Path shadowRoot) {
            this.shadowRoot = shadowRoot;
        }

        /** Further roots of existing shadow repos. */
        public Builder shadowRootAlt(List<Path> roots) {
            this.shadowRootAlt = List.copyOf(roots);
            return this;
        }

        /** What shadow paths leave out. */
        public Builder trimHostRoot(Path root) {
            this.trimHostRoot = root;
            return this;
        }

        /** Adds a host name. */
        public Builder host(String host) {
            this.hosts.add(host);
            return this;
        }

        /** Adds host names. */
        public Builder hosts(Iterable<String> names) {
            names.forEach(this.hosts::add);
            return this;
        }

        /** How large a data directory may be at first. */
        public Builder limits(InitLimits maximum) {
            this.limits = maximum;
            return this;
        }

        /** Who commits. */
        public Builder committer(GitUser user) {
            this.committer = user;
            return this;
        }

        /** How many stat runs may wait at a time. */
        public Builder statQueue(int size) {
            this.statQueue = size;
            return this;
        }

        /** How many comparisons may be open at a time. */
        public Builder openComparisons(int count) {
            this.openComparisons = count;
            return this;
        }

        /** How many commits may be read at a time. */
        public Builder openTrees(int count) {
            this.openTrees = count;
            return this;
        }

        /** Who moves directories. */
        public Builder move(Move mover) {
            this.move = mover;
            return this;
        }

        /** How often it is looked whether the operator has moved them. */
        public Builder moveRecheck(Duration interval) {
            this.moveRecheck = interval;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException that names the field and its value if one is out of range
         */
        public StorageConfig build() {
            return new StorageConfig(
                    shadowRoot,
                    shadowRootAlt,
                    trimHostRoot,
                    hosts,
                    limits,
                    committer,
                    statQueue,
                    openComparisons,
                    openTrees,
                    move,
                    moveRecheck);
        }
    }
}
