package io.repowatch.service;

import io.repowatch.id.GlobalPath;
import io.repowatch.registry.MoveAccept;
import io.repowatch.storage.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code serve} runs with, checked.
 *
 * @param data the data directory, absolute; made when missing
 * @param registries the registries; roots go to the first
 * @param roots the directory of each root, absolute, without symbolic links
 * @param hosts the names of this host; roots are made with the first
 * @param addresses where to listen
 * @param track how deep to look for directories
 * @param trackInterval how often to look
 * @param author who makes the tracked repos
 * @param moveAccept who agrees to moves in the application's place
 * @param otherShadowRoots where else shadow repos may be
 * @param move who moves directories
 * @param statInterval how often every repo is looked at for changes, null for never
 */
record ServeConfig(
        Path data,
        List<String> registries,
        Map<GlobalPath, Path> roots,
        List<String> hosts,
        Endpoints.Addresses addresses,
        TrackDepth track,
        Duration trackInterval,
        Author author,
        MoveAccept moveAccept,
        List<Path> otherShadowRoots,
        StorageConfig.Move move,
        @Nullable Duration statInterval) {

    /** Checks what was given; a {@link Failure} names the value and what to do. */
    static ServeConfig of(
            Path data,
            List<String> registries,
            Map<String, Path> roots,
            List<String> hosts,
            Endpoints.Addresses addresses,
            TrackDepth track,
            Duration trackInterval,
            Author author,
            MoveAccept moveAccept,
            List<Path> otherShadowRoots,
            StorageConfig.Move move,
            @Nullable Duration statInterval) {
        List<String> registryNames = names("--registry", registries);
        List<String> hostNames = names("--host", hosts);
        Map<GlobalPath, Path> checked = new LinkedHashMap<>();
        roots.forEach((global, directory) -> {
            Path other = checked.put(globalPath("--root", global), realDirectory(directory));
            if (other != null) {
                throw Failure.usage("the root " + global + " is mapped twice: to " + directory + " and to " + other);
            }
        });
        Path absolute = realData(data);
        for (Path root : checked.values()) {
            if (root.startsWith(absolute)) {
                throw Failure.usage("the directory " + root + " lies inside the data directory " + absolute
                        + "; choose another with --data");
            }
        }
        return new ServeConfig(
                absolute,
                registryNames,
                checked,
                hostNames,
                addresses,
                track,
                trackInterval,
                author,
                moveAccept,
                otherShadowRoots,
                move,
                statInterval);
    }

    /** The names of an option, each once. */
    static List<String> names(String option, List<String> names) {
        if (names.stream().anyMatch(String::isBlank)) {
            throw Failure.usage(option + " needs a name, but \"" + names.get(names.size() - 1) + "\" is empty");
        }
        return names.stream().distinct().toList();
    }

    /** The global path that an option names. */
    static GlobalPath globalPath(String option, String text) {
        try {
            return GlobalPath.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    private static Path realDirectory(Path directory) {
        try {
            Path real = directory.toAbsolutePath().toRealPath();
            if (Files.isDirectory(real)) {
                return real;
            }
        } catch (IOException e) {
            throw Failure.usage(directory.toAbsolutePath() + " is not there or cannot be read; name the directory with"
                    + " the projects");
        }
        throw Failure.usage(directory.toAbsolutePath() + " is not a directory; name the one with the projects");
    }

    /** Makes the data directory. Real, so that it is recognised among the tracked directories whatever way leads to it. */
    static Path realData(Path given) {
        Path data = given.toAbsolutePath().normalize();
        try {
            Files.createDirectories(data);
            return data.toRealPath();
        } catch (IOException e) {
            throw Failure.usage("the data directory " + data + " cannot be made or read (" + e.getMessage()
                    + "); choose another with --data");
        }
    }
}
