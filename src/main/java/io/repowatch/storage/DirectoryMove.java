package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one directory: by rename; where that would lead to another file system, by a copy beside the destination, which gets its
 * name when it equals the source. Which state it is in is seen from the disk: a directory is recognised by its identity, never by
 * its name alone. Nothing at the destination is ever replaced. Blocks; for one thread.
 */
final class DirectoryMove {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryMove.class);
    private static final int PASSES_BESIDE_WRITERS = 4;
    private static final int MOST_PASSES = 20;

    private final Context context;
    private final String key;
    private final Path from;
    private final Path to;
    private final byte[] aside;
    private final byte[] copy;
    private final byte[] links;
    private final byte[] clock;
    private long copiedFiles;
    private long copiedBytes;

    /** What the directories of one move share. */
    record Context(
            MoveRecord record,
            UUID workflow,
            BooleanSupplier stopped,
            MoveStep.Listener steps,
            Consumer<String> progress) {}

    /**
     * Prepares.
     *
     * @param key what the directory is called in the record, and to the operator
     */
    DirectoryMove(Context context, String key, Path from, Path to) {
        this.context = context;
        this.key = key;
        this.from = from;
        this.to = to;
        this.aside = temporary(".from");
        this.copy = temporary(".to");
        this.links = temporary(".links");
        this.clock = temporary(".clock");
    }

    // Short, since the directory's own name may have the full length; hidden, so that nobody takes it for a repo.
    private byte[] temporary(String suffix) {
        return (".repowatch-move-" + context.workflow() + suffix).getBytes(StandardCharsets.US_ASCII);
    }

    /** Both places, by the directories that they are in; there is no old one any more if that is null. */
    private record Ends(@Nullable Handle old, byte[] oldName, Handle fresh, byte[] freshName) implements AutoCloseable {
        @Override
        public void close() {
            if (old != null) {
                old.close();
            }
            fresh.close();
        }
    }

    private Ends open() throws IOException {
        Handle fresh = Handle.directory(to.resolveSibling(""));
        Handle old = null;
        try {
            old = Handle.directory(from.resolveSibling(""));
        } catch (Errno e) {
            if (!e.is(Errno.ENOENT, Errno.ENOTDIR)) {
                fresh.close();
                throw e;
            }
        }
        return new Ends(old, PathBytes.name(from), fresh, PathBytes.name(to));
    }

    /** Brings the directory to its new place; what the copy was made of is left for {@link #removeSource}. */
    void bring() throws IOException {
        ParentDirectories.make(to);
        step(MoveStep.PARENTS_MADE);
        try (Ends ends = open()) {
            FileStat there = ends.fresh.find(ends.freshName);
            if (there == null) {
                bring(ends);
            } else if (isOurs(there)) {
                settle(ends, there);
            } else if (!wasMovedByHand(ends)) {
                throw new IOException("something else is at the destination; move it away: " + PathBytes.printable(to));
            }
        }
        requireArrived();
    }

    /** Whether it is at its new place, and was brought there by this move. */
    boolean hasBrought() throws IOException {
        try (Ends ends = open()) {
            FileStat there = ends.fresh.find(ends.freshName);
            return there != null && isOurs(there);
        }
    }

    private boolean isOurs(FileStat there) throws IOException {
        return context.record().names(key + ".source", there)
                || context.record().names(key + ".copy", there);
    }

    // Before this move began for us: then what is there is judged by the shadow, which knows the data.
    private boolean wasMovedByHand(Ends ends) throws IOException {
        return context.record().get(key + ".source") == null
                && (ends.old == null || ends.old.find(ends.oldName) == null);
    }

    private void bring(Ends ends) throws IOException {
        FileStat source = source(ends);
        if (source == null) {
            copyAndSwitch(ends);
            return;
        }
        if (context.record().get(key + ".copy") == null) {
            lift(ends, source);
            if (renamed(ends)) {
                return;
            }
        }
        copyAndSwitch(ends);
    }

    /** The source where it was; null if it is aside already. */
    private @Nullable FileStat source(Ends ends) throws IOException {
        FileStat stat = ends.old == null ? null : ends.old.find(ends.oldName);
        String name = key + ".source";
        if (context.record().get(name) == null) {
            if (stat == null) {
                throw new IOException("neither " + PathBytes.printable(from) + " nor " + PathBytes.printable(to)
                        + " is there; mount it or put it back");
            }
            requireMovable(stat);
            context.record().set(name, stat.id().toString());
            step(MoveStep.RECORDED);
            return stat;
        }
        if (context.record().names(name, stat)) {
            return stat;
        }
        if (ends.old != null && context.record().names(name, ends.old.find(aside))) {
            return null;
        }
        throw new IOException("the directory that the move began with is not there any more; put it back: "
                + PathBytes.printable(from));
    }

    private void requireMovable(FileStat stat) throws IOException {
        if (!stat.isDirectory()) {
            throw new IOException("not a directory; links are not followed: " + PathBytes.printable(from));
        }
        if (stat.mountRoot()) {
            throw new IOException(
                    "a file system is mounted here; mount it at the new place instead: " + PathBytes.printable(from));
        }
    }

    /** A directory that is immutable, or may not be written to, cannot be renamed: it gets that back at its new place. */
    private void lift(Ends ends, FileStat source) throws IOException {
        Handle old = old(ends);
        boolean closed = (source.permissions() & 0200) == 0 && !old.isRoot();
        if (source.flags() == 0 && !closed) {
            return;
        }
        if (context.record().get(key + ".root") == null) {
            context.record().set(key + ".root", source.flags() + " " + source.permissions());
        }
        try (Handle root = old.enter(ends.oldName, source)) {
            root.setFlags(0);
            if (closed) {
                root.chmod(source.permissions() | 0200);
            }
        }
        step(MoveStep.LIFTED);
    }

    private static Handle old(Ends ends) throws IOException {
        if (ends.old == null) {
            throw new IOException("the directory that the source is in has vanished");
        }
        return ends.old;
    }

    private boolean renamed(Ends ends) throws IOException {
        context.progress().accept("renaming");
        try {
            old(ends).rename(ends.oldName, ends.fresh, ends.freshName);
        } catch (Errno e) {
            if (e.is(Errno.EXDEV)) {
                return false;
            }
            throw e;
        }
        step(MoveStep.RENAMED);
        FileStat there = ends.fresh.stat(ends.freshName);
        if (!isOurs(there)) {
            ends.fresh.rename(ends.freshName, old(ends), ends.oldName);
            throw new IOException("replaced while it was moved: " + PathBytes.printable(from));
        }
        settle(ends, there);
        return true;
    }

    /** Makes the arrival durable, and gives the directory back what was taken so that it could be renamed. */
    private void settle(Ends ends, FileStat there) throws IOException {
        String root = context.record().get(key + ".root");
        if (root != null) {
            int space = root.indexOf(' ');
            try (Handle directory = ends.fresh.enter(ends.freshName, there)) {
                directory.setFlags(0);
                directory.chmod(Integer.parseInt(root.substring(space + 1)));
                directory.setFlags(Integer.parseInt(root.substring(0, space)));
            }
            context.record().remove(key + ".root");
        }
        ends.fresh.sync();
        if (ends.old != null) {
            ends.old.sync();
        }
        step(MoveStep.SETTLED);
    }

    private void copyAndSwitch(Ends ends) throws IOException {
        prepareCopy(ends);
        FileStat linkRoot = ends.fresh.find(links);
        try (Handle linkDirectory =
                linkRoot == null ? ends.fresh.makeDirectory(links) : ends.fresh.enter(links, linkRoot)) {
            TreeSync sync = new TreeSync(
                    ends.fresh, copy, linkDirectory, context.stopped(), context.steps(), this::countCopied);
            makeEqual(ends, sync);
            sync.finish(old(ends), aside);
            if (sync.hasLostOwners()) {
                LOG.warn("moving {}: this process may not keep the owners of all files", PathBytes.printable(from));
            }
        }
        TreeRemoval.remove(ends.fresh, links, context.stopped());
        Handle old = old(ends);
        Flags.copy(old, aside, old.stat(aside), ends.fresh, copy, context.stopped(), () -> step(MoveStep.LOOKED));
        step(MoveStep.FLAGGED);
        requireCopy(ends);
        ends.fresh.rename(copy, ends.fresh, ends.freshName);
        step(MoveStep.SWITCHED);
        settle(ends, ends.fresh.stat(ends.freshName));
    }

    private void prepareCopy(Ends ends) throws IOException {
        FileStat present = ends.fresh.find(copy);
        if (present != null && context.record().names(key + ".copy", present)) {
            return;
        }
        if (present != null) {
            TreeRemoval.remove(ends.fresh, copy, context.stopped());
        }
        TreeRemoval.remove(ends.fresh, links, context.stopped());
        try (Handle made = ends.fresh.makeDirectory(copy)) {
            String root = context.record().get(key + ".root");
            if (root != null && !root.startsWith("0 ")) {
                Flags.requireSupport(made, Integer.parseInt(root.substring(0, root.indexOf(' '))));
            }
            context.record().set(key + ".copy", made.stat().id().toString());
        }
        step(MoveStep.COPY_MADE);
    }

    private void makeEqual(Ends ends, TreeSync sync) throws IOException {
        long trusted = Long.MIN_VALUE;
        Handle old = old(ends);
        for (int pass = 1; pass <= PASSES_BESIDE_WRITERS && isInPlace(ends); pass++) {
            say(pass == 1 ? "copying" : "comparing");
            long began = old.now(clock);
            if (pass(sync, ends, ends.oldName, trusted) == 0) {
                trusted = began;
                break;
            }
        }
        setAside(ends);
        // Whatever a pass has compared in full without finding a difference, and has not changed since it began, is
        // equal.
        for (int pass = 1; pass <= MOST_PASSES; pass++) {
            say("comparing for the last time");
            if (pass(sync, ends, aside, trusted) == 0) {
                context.record().set(key + ".seen", Long.toString(sync.lastChange()));
                return;
            }
        }
        throw new IOException("the data is still being changed; stop who writes to it: " + PathBytes.printable(from));
    }

    private long pass(TreeSync sync, Ends ends, byte[] name, long trusted) throws IOException {
        Handle old = old(ends);
        FileStat root = old.stat(name);
        if (!context.record().names(key + ".source", root)) {
            throw new IOException("replaced while it was copied: " + PathBytes.printable(from));
        }
        requireCopy(ends);
        long changes = sync.pass(old, name, root, trusted);
        step(MoveStep.PASSED);
        return changes;
    }

    private void requireCopy(Ends ends) throws IOException {
        if (!context.record().names(key + ".copy", ends.fresh.find(copy))) {
            throw new IOException("the copy was replaced while it was made, beside " + PathBytes.printable(to));
        }
    }

    private boolean isInPlace(Ends ends) throws IOException {
        return context.record().names(key + ".source", old(ends).find(ends.oldName));
    }

    /** From now on nobody finds the source under its name: what is written after the last comparison would be lost. */
    private void setAside(Ends ends) throws IOException {
        if (!isInPlace(ends)) {
            return;
        }
        Handle old = old(ends);
        lift(ends, old.stat(ends.oldName));
        old.rename(ends.oldName, old, aside);
        if (!context.record().names(key + ".source", old.stat(aside))) {
            old.rename(aside, old, ends.oldName);
            throw new IOException("replaced while it was copied: " + PathBytes.printable(from));
        }
        old.sync();
        step(MoveStep.SET_ASIDE);
    }

    /** After a copy: removes what it was made of. What somebody who had it open has changed since stays, and is told. */
    void removeSource() throws IOException {
        try (Ends ends = open()) {
            if (ends.old == null || !context.record().names(key + ".copy", ends.fresh.find(ends.freshName))) {
                return;
            }
            FileStat stat = ends.old.find(aside);
            String seen = context.record().get(key + ".seen");
            if (stat == null || seen == null || !context.record().names(key + ".source", stat)) {
                return;
            }
            say("removing the source");
            long kept = TreeRemoval.run(
                    ends.old,
                    aside,
                    stat,
                    changedAfter(Long.parseLong(seen)),
                    context.stopped(),
                    () -> step(MoveStep.LOOKED));
            ends.old.sync();
            if (kept > 0) {
                LOG.warn(
                        "moving {}: files were changed after they had been copied; they are left in {}",
                        PathBytes.printable(from),
                        PathBytes.printable(PathBytes.resolve(from.resolveSibling(""), aside)));
            }
            step(MoveStep.SOURCE_REMOVED);
        }
    }

    // Both times: the removal itself changes the one of what has further names, and the other may be anything.
    private static Predicate<FileStat> changedAfter(long seen) {
        return stat -> stat.isRegular() && stat.ctime() > seen && stat.mtime() > seen;
    }

    private void requireArrived() throws IOException {
        if (context.record().get(key + ".source") == null) {
            return;
        }
        try (Handle parent = Handle.directory(to.resolveSibling(""))) {
            FileStat there = parent.find(PathBytes.name(to));
            if (there == null || !isOurs(there)) {
                throw new IOException("replaced just after it was moved there: " + PathBytes.printable(to));
            }
        }
    }

    private void countCopied(long bytes) {
        copiedFiles++;
        copiedBytes += bytes;
        if (copiedFiles % 100 == 1 || bytes > 1 << 26) {
            say("copying");
        }
    }

    private void say(String what) {
        context.progress()
                .accept(what + " the " + key + ", " + copiedFiles + " files with " + copiedBytes
                        + " bytes copied so far");
    }

    private void step(MoveStep step) {
        context.steps().done(step);
    }
}
