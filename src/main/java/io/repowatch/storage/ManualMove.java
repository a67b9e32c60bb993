package io.repowatch.storage;

import io.repowatch.observer.RepoMove;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for an operator who moves data and shadow of a repo, and tells what is to be done. That two directories exist is not
 * enough: a copy that still runs has them too. The old ones must be gone, the data must be the same directory or sum up to the
 * same, and the shadow must be this repo's and name the new place. Blocks; under the repo's lock.
 */
final class ManualMove {
    private static final Logger LOG = LoggerFactory.getLogger(ManualMove.class);
    private static final String SOURCE = "data.source";
    private static final String SUMS = "data.sums";

    private final ShadowLocation location;
    private final MoveOperation moves;
    private final ProgressListener progress;

    ManualMove(StorageConfig config, MoveOperation moves, ProgressListener progress) {
        this.location = new ShadowLocation(config);
        this.moves = moves;
        this.progress = progress;
    }

    /** Returns where the shadow is now if all is done; otherwise null, and {@code told} gets what is missing. */
    @Nullable
    Path check(RepoMove move, BooleanSupplier stopped, String toldBefore, Consumer<String> told) throws IOException {
        MovePlaces places = MovePlaces.of(move, location);
        location.requireApartFrom(places.newData());
        ParentDirectories.make(places.newShadow());
        MoveRecord record = MoveRecord.read(places.newShadow(), move.workflow());
        if (record.isEmpty() && places.areReached()) {
            return places.newShadow();
        }
        List<String> missing = new ArrayList<>();
        List<String> commands = new ArrayList<>();
        data(places, record, new Walk(move.repo(), stopped, progress), missing, commands);
        shadow(places, missing, commands);
        if (missing.isEmpty()) {
            moves.connect(places, record.names(SOURCE, find(places.newData())));
            record.delete();
            return places.newShadow();
        }
        String text = "waits for the operator: " + String.join("; ", missing)
                + (commands.isEmpty() ? "" : "\n" + String.join("\n", commands));
        if (!text.equals(toldBefore)) {
            LOG.info("move {} of repo {} {}", move.workflow(), move.repo(), text);
            told.accept(text);
        }
        return null;
    }

    private static void data(
            MovePlaces places, MoveRecord record, Walk walk, List<String> missing, List<String> commands)
            throws IOException {
        if (places.sameData()) {
            return;
        }
        FileStat old = find(places.oldData());
        FileStat fresh = find(places.newData());
        if (old != null && record.get(SOURCE) == null) {
            record.set(SUMS, sums(places.oldData(), walk));
            record.set(SOURCE, old.id().toString());
        }
        if (old != null && record.names(SOURCE, old)) {
            ManualAttributes.keep(record, places, old);
            missing.add("the data is still at " + PathBytes.printable(places.oldData()));
            if (fresh == null) {
                moveData(places, ManualAttributes.of(record), commands);
            }
        }
        if (fresh == null) {
            missing.add("no data at " + PathBytes.printable(places.newData()));
        } else if (!fresh.isDirectory()) {
            missing.add("not a directory: " + PathBytes.printable(places.newData()));
        } else if (missing.isEmpty()) {
            arrived(places, record, fresh, walk, missing, commands);
        }
    }

    private static void moveData(MovePlaces places, @Nullable ManualAttributes attributes, List<String> commands)
            throws IOException {
        Path parent = places.newData().resolveSibling("");
        if (find(parent) == null) {
            commands.add("mkdir --parents -- " + quoted(parent));
        }
        if (attributes != null) {
            commands.add(attributes.take(places.oldData()));
        }
        commands.add(move(places.oldData(), places.newData()));
        if (attributes != null) {
            commands.add(attributes.give(places.newData()));
        }
    }

    private static void arrived(
            MovePlaces places,
            MoveRecord record,
            FileStat fresh,
            Walk walk,
            List<String> missing,
            List<String> commands)
            throws IOException {
        if (!record.names(SOURCE, fresh)) {
            copied(places, record, walk, missing);
        }
        ManualAttributes attributes = ManualAttributes.of(record);
        if (attributes != null) {
            attributes.look(places.newData(), fresh, record.path(), missing, commands);
        }
    }

    // Another directory than before: a copy, which is complete when it sums up to the same.
    private static void copied(MovePlaces places, MoveRecord record, Walk walk, List<String> missing)
            throws IOException {
        String expected = record.get(SUMS);
        String found = sums(places.newData(), walk);
        if (expected != null && !expected.equals(found)) {
            missing.add("the data at " + PathBytes.printable(places.newData()) + " has " + found + " instead of "
                    + expected + "; copy what is missing, or, if it is right as it is, run: rm -- "
                    + quoted(record.path()));
        }
    }

    private static String sums(Path data, Walk walk) throws IOException {
        Totals sums = RootSummary.of(walk.begin(data), false, walk).sums();
        return sums.dirs() + " directories, " + sums.files() + " files, " + sums.links() + " links, " + sums.others()
                + " others, " + sums.size() + " bytes";
    }

    private static void shadow(MovePlaces places, List<String> missing, List<String> commands) throws IOException {
        boolean moved = MovePlaces.exists(places.newShadow());
        Path now = moved ? places.newShadow() : places.oldShadow();
        if (!moved) {
            missing.add("no shadow at " + PathBytes.printable(places.newShadow()));
        }
        if (MovePlaces.exists(now)) {
            identify(places, now, missing, commands);
        }
        if (!places.sameShadow() && MovePlaces.exists(places.oldShadow())) {
            missing.add("the shadow is still at " + PathBytes.printable(places.oldShadow()));
            if (!moved) {
                commands.add(move(places.oldShadow(), places.newShadow()));
            }
        }
    }

    private static void identify(MovePlaces places, Path shadow, List<String> missing, List<String> commands)
            throws IOException {
        UUID id = ShadowRepo.idOf(shadow);
        if (!places.repo().equals(id)) {
            missing.add("the shadow is not the one of repo " + places.repo() + ": " + PathBytes.printable(shadow));
            return;
        }
        String real = ShadowRepo.realDirectory(shadow);
        if (!places.newHostPath().equals(real)) {
            missing.add("fso.realdir of the shadow is " + PathBytes.printable(String.valueOf(real)));
            commands.add("git config --file " + quoted(ShadowRepo.configurationFile(shadow)) + " fso.realdir "
                    + ShellQuote.of(places.newHostPath()));
        }
    }

    private static String move(Path from, Path to) {
        return "mv --no-clobber --no-target-directory -- " + quoted(from) + " " + quoted(to);
    }

    private static String quoted(Path path) {
        return ShellQuote.of(PathBytes.of(path));
    }

    private static @Nullable FileStat find(Path path) throws IOException {
        try (Handle parent = Handle.directory(path.resolveSibling(""))) {
            return parent.find(PathBytes.name(path));
        } catch (Errno e) {
            if (e.is(Errno.ENOENT, Errno.ENOTDIR)) {
                return null;
            }
            throw e;
        }
    }
}
