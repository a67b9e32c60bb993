package io.repowatch.storage;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jgit.internal.storage.file.BasePackIndexWriter;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdOwnerMap;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackedObjectInfo;
import org.eclipse.jgit.util.sha1.SHA1;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects new objects in one pack of a shadow repo: each once, and none that is there already. They become part of the repo with
 * {@link #flush}, all at once; what was not flushed is dropped on close. For one thread.
 *
 * <p>Does the same as JGit's inserter of packs, which writes to the file twice for each object and deflates even the smallest.
 */
final class PackWriter extends ObjectInserter.Formatter {
    private static final Logger LOG = LoggerFactory.getLogger(PackWriter.class);
    private static final int INDEX_VERSION = 2;
    private static final int INDEX_BUFFER = 64 << 10;

    private final Path objects;
    private final Predicate<AnyObjectId> isPresent;
    private final boolean synced;
    private final ObjectIdOwnerMap<PackedObjectInfo> packed = new ObjectIdOwnerMap<>();
    private @Nullable PackFile pack;

    /**
     * For a repository.
     *
     * @param objects its directory of objects
     * @param isPresent whether it has an object already
     * @param synced whether the objects shall be on the disk before they become part of the repo
     */
    PackWriter(Path objects, Predicate<AnyObjectId> isPresent, boolean synced) {
        this.objects = objects;
        this.isPresent = isPresent;
        this.synced = synced;
    }

    @Override
    public ObjectId insert(int type, byte[] data, int offset, int length) throws IOException {
        ObjectId id = idFor(type, data, offset, length);
        if (!isKnown(id)) {
            PackFile file = pack();
            long position = file.position();
            file.begin(type, length);
            add(id, position, file.content(data, offset, length));
        }
        return id;
    }

    @Override
    public ObjectId insert(int type, long length, InputStream in) throws IOException {
        byte[] part = buffer();
        if (length <= part.length) {
            int read = in.readNBytes(part, 0, (int) length);
            require(read, length);
            return insert(type, part, 0, read);
        }
        PackFile file = pack();
        long position = file.position();
        file.begin(type, length);
        SHA1 digest = digest();
        digest.update(Constants.encodedTypeString(type));
        digest.update((byte) ' ');
        digest.update(Constants.encodeASCII(length));
        digest.update((byte) 0);
        for (long left = length; left > 0; ) {
            int read = in.readNBytes(part, 0, (int) Math.min(left, part.length));
            require(read, Math.min(left, part.length));
            digest.update(part, 0, read);
            file.add(part, 0, read);
            left -= read;
        }
        int checksum = file.end();
        ObjectId id = digest.toObjectId();
        if (isKnown(id)) {
            file.cutOff(position);
        } else {
            add(id, position, checksum);
        }
        return id;
    }

    private static void require(int read, long wanted) throws EOFException {
        if (read < wanted) {
            throw new EOFException("an object ends early");
        }
    }

    private boolean isKnown(ObjectId id) {
        return packed.contains(id) || isPresent.test(id);
    }

    private PackFile pack() throws IOException {
        PackFile present = pack;
        if (present == null) {
            present = PackFile.create(objects);
            pack = present;
        }
        return present;
    }

    private void add(ObjectId id, long position, int checksum) {
        PackedObjectInfo info = new PackedObjectInfo(id);
        info.setOffset(position);
        info.setCRC(checksum);
        packed.add(info);
    }

    /** Does nothing if there are no new objects. */
    @Override
    public void flush() throws IOException {
        publish();
    }

    /** As {@link #flush}; returns the pack, or null if there are no new objects. */
    @Nullable
    Path publish() throws IOException {
        PackFile file = pack;
        if (file == null || packed.isEmpty()) {
            return null;
        }
        byte[] checksum = file.finish(packed.size());
        if (synced) {
            file.sync();
        }
        file.close();
        pack = null;
        Path index = index(file.path(), checksum);
        Path directory = objects.resolve("pack");
        String name = "pack-" + ObjectId.fromRaw(checksum).name();
        Path published = directory.resolve(name + ".pack");
        // In this order: a pack counts once it has an index.
        move(file.path(), published);
        move(index, directory.resolve(name + ".idx"));
        if (synced) {
            Durable.sync(directory);
        }
        packed.clear();
        return published;
    }

    private Path index(Path packFile, byte[] checksum) throws IOException {
        String name = packFile.getFileName().toString();
        Path index = packFile.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".idx");
        List<PackedObjectInfo> sorted = new ArrayList<>(packed.size());
        packed.forEach(sorted::add);
        Collections.sort(sorted);
        try (FileChannel channel = FileChannel.open(index, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), INDEX_BUFFER);
            BasePackIndexWriter.createVersion(out, INDEX_VERSION).write(sorted, checksum);
            out.flush();
            if (synced) {
                channel.force(true);
            }
        }
        return index;
    }

    /** Git removes no pack that may be written to without being asked to. */
    private static void move(Path from, Path to) throws IOException {
        if (!from.toFile().setReadOnly()) {
            throw new IOException("cannot make it read-only: " + PathBytes.printable(from));
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Drops what was not flushed. */
    @Override
    public void close() {
        PackFile file = pack;
        pack = null;
        packed.clear();
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // It is in nobody's way, and the next who writes removes it.
                LOG.debug("cannot remove {}", file.path(), e);
            }
        }
    }
}
