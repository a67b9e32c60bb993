package io.repowatch.storage;

import io.repowatch.observer.RepoMove;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ObjectReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves data and shadow of a repo (storage specification §8): first the data, then the shadow, then the shadow learns where the
 * data is, and last, after a copy, the sources are removed. Started again after an interruption it goes on. Blocks; under the
 * repo's lock.
 */
final class MoveOperation {
    private static final Logger LOG = LoggerFactory.getLogger(MoveOperation.class);

    private final ShadowLocation location;
    private final FreezeMarks marks;
    private final MoveStep.Listener steps;

    MoveOperation(StorageConfig config, MoveStep.Listener steps) {
        this.location = new ShadowLocation(config);
        this.marks = new FreezeMarks(config.shadowRoot());
        this.steps = steps;
    }

    /** Returns where the shadow is now. */
    Path move(RepoMove move, BooleanSupplier stopped, Consumer<String> progress) throws IOException {
        MovePlaces places = MovePlaces.of(move, location);
        location.requireApartFrom(places.newData());
        // Beside the new shadow is the record.
        ParentDirectories.make(places.newShadow());
        MoveRecord record = MoveRecord.read(places.newShadow(), move.workflow());
        if (record.isEmpty() && places.areReached()) {
            return places.newShadow();
        }
        requireShadow(places);
        DirectoryMove.Context context = new DirectoryMove.Context(record, move.workflow(), stopped, steps, progress);
        DirectoryMove data = new DirectoryMove(context, "data", places.oldData(), places.newData());
        DirectoryMove shadow = new DirectoryMove(context, "shadow", places.oldShadow(), places.newShadow());
        if (!places.sameData()) {
            data.bring();
        }
        if (!places.sameShadow()) {
            shadow.bring();
        }
        connect(places, data.hasBrought());
        data.removeSource();
        shadow.removeSource();
        record.delete();
        steps.done(MoveStep.FORGOTTEN);
        LOG.info("moved {} to {}", move.repo(), move.newPath());
        return places.newShadow();
    }

    // Before anything is moved: afterwards it would be too late to find that it is the wrong one.
    private static void requireShadow(MovePlaces places) throws IOException {
        Path shadow = MovePlaces.exists(places.oldShadow()) ? places.oldShadow() : places.newShadow();
        if (MovePlaces.exists(shadow)) {
            requireId(shadow, places.repo());
        }
    }

    private static void requireId(Path shadow, UUID repo) throws IOException {
        UUID id = ShadowRepo.idOf(shadow);
        if (!repo.equals(id)) {
            throw new IOException("no shadow of repo " + repo + (id == null ? "" : ", but of " + id) + ": "
                    + PathBytes.printable(shadow));
        }
    }

    /**
     * Lets the shadow name the data directory, and verifies that they belong together.
     *
     * @param known whether the data is certainly what the shadow was made of
     */
    void connect(MovePlaces places, boolean known) throws IOException {
        Path shadow = places.newShadow();
        requireId(shadow, places.repo());
        if (!places.newHostPath().equals(ShadowRepo.realDirectory(shadow))) {
            ShadowRepo.setRealDirectory(shadow, places.newHostPath());
        }
        steps.done(MoveStep.CONFIGURED);
        DataEntry root = DataEntry.read(places.newData());
        if (root == null || !root.isDirectory()) {
            throw new IOException("the data directory has vanished: " + PathBytes.printable(places.newData()));
        }
        requireBelonging(places, root, known);
        if (FreezeRecord.read(shadow) != null) {
            marks.add(places.repo());
        }
        steps.done(MoveStep.VERIFIED);
    }

    private static void requireBelonging(MovePlaces places, DataEntry root, boolean known) throws IOException {
        DataIdentity identity = new DataIdentity(places.newShadow());
        if (known) {
            identity.remember(root);
            return;
        }
        try (ShadowRepo repo = ShadowRepo.openOf(places.repo(), places.newShadow());
                ObjectReader reader = repo.reader()) {
            identity.requirePlausible(
                    root,
                    reader,
                    repo.commit(StatOperation.require(repo, Branch.STAT)).getTree());
        }
        identity.remember(root);
    }
}
