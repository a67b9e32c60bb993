package io.repowatch.storage;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** What a child JVM does: {@code init|stat SHADOWROOT DATA [STEP]}. {@code @FILE} reads the data
 * path from a file; with a step, the JVM halts right after it. */
final class ChildMain {
    static final int HALTED = 77;

    private ChildMain() {}

    public static void main(String[] arguments) {
        Path shadowRoot = Path.of(arguments[1]);
        String data = arguments[2].startsWith("@") ? read(Path.of(arguments[2].substring(1))) : arguments[2];
        String halt = arguments.length > 3 ? arguments[3] : "";
        StorageConfig config =
                StorageConfig.builder(shadowRoot).host("localhost").build();
        try {
            System.out.println("done " + run(arguments[0], config, data, halt));
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
            System.exit(1);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object run(String what, StorageConfig config, String data, String halt) {
        ShadowCreation creation = new ShadowCreation(
                config, () -> Instant.parse("2026-03-04T05:06:07Z"), new Random(2), ProgressListener.NONE, step -> {
                    if (step.name().equals(halt)) {
                        Runtime.getRuntime().halt(HALTED);
                    }
                });
        if (what.equals("move")) {
            return move(config, data, halt);
        }
        if (what.equals("frozen-move")) {
            return frozenMove(config, creation, data);
        }
        if (what.equals("init")) {
            return creation.create(state(data), () -> false);
        }
        Path shadow = new ShadowLocation(config).target(StorageFixture.REPO, PathBytes.absolute(data));
        return new StatOperation(config, () -> Instant.parse("2026-03-05T05:06:07Z"), ProgressListener.NONE)
                .run(
                        new StatOperation.Request(
                                StorageFixture.REPO,
                                data,
                                shadow,
                                new GitUser("Requester", "requester@example.org"),
                                false),
                        () -> false);
    }

    /** Data is OLD:NEW:OLDSHADOW; halts at the first such step. */
    private static Object move(StorageConfig config, String data, String halt) {
        String[] places = data.split(":", -1);
        try {
            return new MoveOperation(config, step -> {
                        if (step.name().equals(halt)) {
                            Runtime.getRuntime().halt(HALTED);
                        }
                    })
                    .move(MoveTest.move(places[0], places[1], places[2]), () -> false, text -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Data is OLD:NEW: freezes, moves, unfreezes; the permissions in between are what it answers. */
    private static Object frozenMove(StorageConfig config, ShadowCreation creation, String data) {
        String[] places = data.split(":", -1);
        Path shadow = creation.create(state(places[0]), () -> false);
        FreezeOperation freezes = new FreezeOperation(
                config,
                new StatOperation(config, () -> Instant.parse("2026-03-05T05:06:07Z"), ProgressListener.NONE),
                new FreezeMarks(config.shadowRoot()),
                FreezeStep.Listener.NONE);
        FreezeRequest request = new FreezeRequest(StorageFixture.REPO, new UUID(1, 1), "R", "r@example.org");
        try {
            freezes.freeze(info(places[0], shadow), request, () -> false);
            Path moved = new MoveOperation(config, MoveStep.Listener.NONE)
                    .move(MoveTest.move(places[0], places[1], shadow.toString()), () -> false, text -> {});
            List<String> between = new ArrayList<>();
            try (Stream<Path> all = Files.walk(Path.of(places[1]))) {
                for (Path path : all.toList()) {
                    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                    between.add(Integer.toOctalString(mode));
                }
            }
            freezes.unfreeze(info(places[1], moved), request, () -> false);
            return between;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RepoInfo info(String data, Path shadow) {
        return new RepoInfo(
                StorageFixture.REPO,
                new Vid(1, 2),
                "reg",
                GlobalPath.parse("/g/p"),
                "localhost",
                data,
                shadow.toString(),
                null,
                StorageTierCode.ST_FREEZING);
    }

    private static RepoState state(String data) {
        return new RepoState(
                StorageFixture.REPO,
                new Vid(1, 2),
                "reg",
                GlobalPath.parse("/g/p"),
                "The Creator",
                "creator@example.org",
                "localhost",
                data,
                SubdirTracking.ST_ENTER_SUBDIRS,
                true,
                "",
                "",
                "",
                0,
                "",
                null,
                null,
                null,
                StorageTierCode.ST_UNSPECIFIED);
    }
}
