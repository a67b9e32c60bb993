package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a copy equal to its source, whatever the copy is like before: the first pass copies, the next verifies and mends, the same
 * way. Contents are compared byte by byte. Files with several names stay one file; the copies of such files are kept together in a
 * directory of their own meanwhile, under the number of the source, which costs no memory and survives a restart.
 */
final class TreeSync implements TreeWalk.Visitor {
    private final Handle copyParent;
    private final byte[] copyName;
    private final Handle links;
    private final BooleanSupplier stopped;
    private final FileContent content;
    private final Metadata metadata = new Metadata();
    private final MoveStep.Listener steps;
    private final LongConsumer copied;
    private final Deque<Level> levels = new ArrayDeque<>();
    private long unchangedBefore;
    private long changes;
    private long lastChange;

    private static final class Level {
        final Handle copy;
        final boolean loosened;
        List<byte[]> names = List.of();

        Level(Handle copy, boolean loosened) {
            this.copy = copy;
            this.loosened = loosened;
        }
    }

    /**
     * Prepares.
     *
     * @param copyParent where the copy is, or will be
     * @param copyName its name there
     * @param links a directory on the same file system for files with several names
     * @param copied hears how many bytes each copied file has
     */
    TreeSync(
            Handle copyParent,
            byte[] copyName,
            Handle links,
            BooleanSupplier stopped,
            MoveStep.Listener steps,
            LongConsumer copied) {
        this.copyParent = copyParent;
        this.copyName = copyName;
        this.links = links;
        this.stopped = stopped;
        this.content = new FileContent(stopped);
        this.steps = steps;
        this.copied = copied;
    }

    /**
     * One pass. What the file system says was last changed before {@code trusted}, and looks the same, is not read again. Returns how
     * much was not equal before.
     */
    long pass(Handle parent, byte[] name, FileStat root, long trusted) throws IOException {
        unchangedBefore = trusted;
        changes = 0;
        lastChange = Long.MIN_VALUE;
        try {
            new TreeWalk(this, stopped, () -> steps.done(MoveStep.LOOKED)).run(parent, name, root);
        } finally {
            levels.forEach(level -> level.copy.close());
            levels.clear();
        }
        return changes;
    }

    /** When anything in the source was last changed, as the last pass saw it. */
    long lastChange() {
        return lastChange;
    }

    boolean hasLostOwners() {
        return metadata.hasLostOwners();
    }

    @Override
    public void changed() {
        changes++;
    }

    @Override
    public boolean enter(TreeWalk.Step directory) throws IOException {
        Level above = levels.peek();
        Handle parent = above == null ? copyParent : above.copy;
        byte[] name = above == null ? copyName : directory.name();
        Handle copy = directoryIn(parent, name);
        if (above == null) {
            // Nobody else comes in before the copy is complete.
            copy.chmod(0700);
        }
        // Its permissions are given back when it is left, which is no difference to the source.
        levels.push(new Level(copy, TreeRemoval.loosen(copy, copy.stat())));
        return true;
    }

    private Handle directoryIn(Handle parent, byte[] name) throws IOException {
        FileStat present = parent.find(name);
        if (present != null && !present.isDirectory()) {
            remove(parent, name);
            present = null;
        }
        if (present == null) {
            changes++;
            return parent.makeDirectory(name);
        }
        return parent.enter(name, present);
    }

    @Override
    public void listed(TreeWalk.Step directory, List<byte[]> names) {
        levels.element().names = names;
    }

    @Override
    public void visit(TreeWalk.Step entry) throws IOException {
        lastChange = Math.max(lastChange, entry.stat().ctime());
        Handle copy = levels.element().copy;
        try {
            if (entry.stat().isRegular()) {
                if (entry.stat().links() > 1) {
                    linkedFile(entry, copy);
                } else {
                    file(entry, copy, entry.name());
                }
            } else {
                other(entry, copy);
            }
        } catch (Errno e) {
            throw entry.explained(e);
        }
    }

    private void linkedFile(TreeWalk.Step entry, Handle copy) throws IOException {
        byte[] key = Long.toString(entry.stat().inode()).getBytes(StandardCharsets.US_ASCII);
        file(entry, links, key);
        FileStat kept = links.stat(key);
        FileStat present = copy.find(entry.name());
        if (present != null && present.inode() == kept.inode()) {
            return;
        }
        changes++;
        if (present != null) {
            remove(copy, entry.name());
        }
        links.link(key, copy, entry.name());
    }

    private void file(TreeWalk.Step entry, Handle place, byte[] name) throws IOException {
        FileStat present = place.find(name);
        boolean shared = place != links && present != null && present.links() > 1;
        try (Handle source = entry.open()) {
            if (present != null
                    && present.isRegular()
                    && !shared
                    && isCopy(entry.stat(), source, present, place, name)) {
                return;
            }
            changes++;
            if (present != null) {
                remove(place, name);
            }
            copy(source, place, name);
        }
    }

    /** Whether the content is the same; mends what else differs. */
    private boolean isCopy(FileStat stat, Handle source, FileStat present, Handle place, byte[] name)
            throws IOException {
        if (present.size() != stat.size()) {
            return false;
        }
        try (Handle copy = place.file(name, present)) {
            SortedMap<String, byte[]> attributes = source.attributes();
            boolean same = metadata.same(stat, attributes, present, copy.attributes());
            boolean trusted = same && stat.ctime() < unchangedBefore;
            if (!trusted && !content.same(source, copy, stat.size())) {
                return false;
            }
            if (!same) {
                changes++;
                if (present.flags() != 0) {
                    copy.setFlags(0);
                }
                metadata.apply(stat, attributes, copy);
                copy.sync();
            }
            return true;
        }
    }

    private void copy(Handle source, Handle place, byte[] name) throws IOException {
        FileStat stat = source.stat();
        try (Handle copy = place.create(name)) {
            content.copy(source, copy, stat.size());
            metadata.apply(stat, source.attributes(), copy);
            copy.sync();
            requireFlags(stat, copy);
        }
        copied.accept(stat.size());
        steps.done(MoveStep.FILE_COPIED);
    }

    // Better now than when everything has been copied. They stay off until then, because the copy may have to be
    // mended.
    private static void requireFlags(FileStat stat, Handle copy) throws IOException {
        if (stat.flags() != 0) {
            Flags.requireSupport(copy, stat.flags());
        }
    }

    private void other(TreeWalk.Step entry, Handle copy) throws IOException {
        FileStat stat = entry.stat();
        byte[] name = entry.name();
        byte[] target;
        SortedMap<String, byte[]> attributes;
        try {
            target = stat.isLink() ? entry.parent().readLink(name) : null;
            attributes = entry.parent().attributesOf(name);
        } catch (Errno e) {
            throw e.isChange() || e.is(Errno.EINVAL) ? new TreeWalk.SourceChanged(e) : e;
        }
        FileStat present = copy.find(name);
        if (present != null && isLike(stat, target, present, copy, name)) {
            if (metadata.same(stat, attributes, present, copy.attributesOf(name))) {
                return;
            }
        } else {
            if (present != null) {
                remove(copy, name);
            }
            if (target != null) {
                copy.symlink(target, name);
            } else {
                copy.makeSpecial(name, stat);
            }
        }
        changes++;
        metadata.apply(stat, attributes, copy, name);
    }

    private static boolean isLike(FileStat stat, byte @Nullable [] target, FileStat present, Handle copy, byte[] name)
            throws Errno {
        if (present.type() != stat.type() || present.special() != stat.special()) {
            return false;
        }
        return target == null
                ? present.permissions() == stat.permissions()
                : Arrays.equals(target, copy.readLink(name));
    }

    @Override
    public void leave(TreeWalk.Step directory) throws IOException {
        Level level = levels.element();
        removeExtras(level);
        if (levels.size() > 1) {
            mendDirectory(directory, level);
        }
        level.copy.sync();
        levels.pop();
        level.copy.close();
    }

    private void mendDirectory(TreeWalk.Step directory, Level level) throws IOException {
        FileStat stat = directory.opened().stat();
        lastChange = Math.max(lastChange, stat.ctime());
        SortedMap<String, byte[]> attributes = directory.opened().attributes();
        try {
            if (!metadata.same(stat, attributes, level.copy.stat(), level.copy.attributes())) {
                changes += level.loosened ? 0 : 1;
                metadata.apply(stat, attributes, level.copy);
            }
        } catch (Errno e) {
            throw directory.explained(e);
        }
    }

    /** Opens the copy to those whom the source is open to: its root gets what that of the source has. */
    void finish(Handle parent, byte[] name) throws IOException {
        try (Handle source = parent.enter(name, parent.stat(name));
                Handle copy = copyParent.enter(copyName, copyParent.stat(copyName))) {
            metadata.apply(source.stat(), source.attributes(), copy);
            copy.sync();
        }
    }

    // Both lists are sorted.
    private void removeExtras(Level level) throws IOException {
        int at = 0;
        for (byte[] name : level.copy.names()) {
            while (at < level.names.size() && Arrays.compareUnsigned(level.names.get(at), name) < 0) {
                at++;
            }
            if (at == level.names.size() || !Arrays.equals(level.names.get(at), name)) {
                changes++;
                remove(level.copy, name);
            }
        }
    }

    private void remove(Handle place, byte[] name) throws IOException {
        TreeRemoval.remove(place, name, stopped);
    }
}
