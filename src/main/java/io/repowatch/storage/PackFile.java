package io.repowatch.storage;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A git pack that grows in a temporary file, many objects per write to it. For one thread. Closing removes what has not been
 * finished.
 */
final class PackFile implements AutoCloseable {
    /** What temporary packs are called; a shadow's leftovers are found by it. */
    static final String TEMPORARY = "insert_";

    private static final int BUFFER = 256 << 10;
    private static final int VERSION = 2;
    private static final int HEADER = 12;

    /**
     * Up to here content is stored as it is: a deflater is set up in ten times the time that it takes to copy so little, and makes a
     * file's text of 70 bytes smaller by no more than 5.
     */
    private static final int STORED = 128;

    /** Names deflate as well as on higher levels, ids on none. */
    private static final int LEVEL = Deflater.BEST_SPEED;

    private final Path path;
    private final FileChannel channel;
    private final byte[] buffer = new byte[BUFFER];
    private final Deflater deflater = new Deflater(LEVEL);
    private final CRC32 crc = new CRC32();
    private final Adler32 adler = new Adler32();
    private int filled;

    /** From where on the buffer belongs to the object at work, whose part before is in the checksum already. */
    private int counted;

    private long written;
    private boolean finished;

    private PackFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static PackFile create(Path objects) throws IOException {
        // Not through Files: what that makes is hidden from the group.
        Path path = File.createTempFile(TEMPORARY, ".pack", objects.toFile()).toPath();
        PackFile pack = new PackFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        pack.filled = HEADER;
        return pack;
    }

    Path path() {
        return path;
    }

    /** Where the next byte goes. */
    long position() {
        return written + filled;
    }

    /** Begins an object of so many bytes. */
    void begin(int type, long size) throws IOException {
        counted = filled;
        crc.reset();
        reserve(HEADER);
        long rest = size >>> 4;
        int next = type << 4 | (int) (size & 0xF);
        while (rest > 0) {
            put(next | 0x80);
            next = (int) (rest & 0x7F);
            rest >>>= 7;
        }
        put(next);
    }

    /** Writes the whole content of an object, and returns the checksum that the index wants. */
    int content(byte[] data, int offset, int length) throws IOException {
        if (length > STORED) {
            add(data, offset, length);
            return end();
        }
        reserve(length + 11);
        // The forms of zlib and of a last deflate block that is stored.
        put(0x78);
        put(0x01);
        put(1);
        put(length);
        put(length >> 8);
        put(~length);
        put(~length >> 8);
        System.arraycopy(data, offset, buffer, filled, length);
        filled += length;
        adler.reset();
        adler.update(data, offset, length);
        putInt((int) adler.getValue());
        return checksum();
    }

    /** Writes a part of the content of an object. */
    void add(byte[] data, int offset, int length) throws IOException {
        deflater.setInput(data, offset, length);
        while (!deflater.needsInput()) {
            deflate();
        }
    }

    /** Ends an object that was written in parts, and returns the checksum that the index wants. */
    int end() throws IOException {
        deflater.finish();
        while (!deflater.finished()) {
            deflate();
        }
        deflater.reset();
        return checksum();
    }

    private void deflate() throws IOException {
        if (filled == BUFFER) {
            drain();
        }
        filled += deflater.deflate(buffer, filled, BUFFER - filled);
    }

    private int checksum() {
        crc.update(buffer, counted, filled - counted);
        counted = filled;
        return (int) crc.getValue();
    }

    /** Forgets everything from {@code position} on. */
    void cutOff(long position) throws IOException {
        if (position >= written) {
            filled = (int) (position - written);
        } else {
            channel.truncate(position);
            channel.position(position);
            written = position;
            filled = 0;
        }
        counted = filled;
    }

    /** Writes the number of objects and the checksum of the whole, which it returns. The file keeps its name. */
    byte[] finish(int objects) throws IOException {
        drain();
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.put(new byte[] {'P', 'A', 'C', 'K'})
                .putInt(VERSION)
                .putInt(objects)
                .flip();
        writeAll(header, 0);
        MessageDigest digest = PackChecksum.sha1();
        ByteBuffer part = ByteBuffer.wrap(buffer);
        for (long at = 0; at < written; at += part.limit()) {
            part.clear();
            int read = channel.read(part, at);
            if (read <= 0) {
                throw new IOException("the pack is shorter than what was written: " + PathBytes.printable(path));
            }
            part.flip();
            digest.update(buffer, 0, read);
        }
        byte[] checksum = digest.digest();
        writeAll(ByteBuffer.wrap(checksum), written);
        finished = true;
        return checksum;
    }

    /** Brings it to the disk. */
    void sync() throws IOException {
        channel.force(true);
    }

    private void writeAll(ByteBuffer bytes, long at) throws IOException {
        long next = at;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }

    private void reserve(int bytes) throws IOException {
        if (filled + bytes > BUFFER) {
            drain();
        }
    }

    private void drain() throws IOException {
        crc.update(buffer, counted, filled - counted);
        writeAll(ByteBuffer.wrap(buffer, 0, filled), written);
        written += filled;
        filled = 0;
        counted = 0;
    }

    private void put(int value) {
        buffer[filled++] = (byte) value;
    }

    private void putInt(int value) {
        put(value >> 24);
        put(value >> 16);
        put(value >> 8);
        put(value);
    }

    @Override
    public void close() throws IOException {
        deflater.end();
        channel.close();
        if (!finished) {
            Files.deleteIfExists(path);
        }
    }
}
