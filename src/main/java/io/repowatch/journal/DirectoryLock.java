package io.repowatch.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a directory against other processes, which the operating system does as long as this one lives, and against a second
 * use in this one.
 */
final class DirectoryLock implements AutoCloseable {
    static final String NAME = "lock";
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);

    // Asked before the lock file is touched: closing a second handle of it would give up the lock of the first.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the lock or fails at once.
     *
     * @param directory its real path
     */
    static DirectoryLock take(Path directory) throws IOException {
        if (!HELD_HERE.add(directory)) {
            throw inUse(directory, "this process");
        }
        try {
            return new DirectoryLock(directory, lock(directory));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(directory);
            throw e;
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory, owner(file));
            }
            String owner = "process " + ProcessHandle.current().pid();
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String owner(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return text.matches("process \\d+") ? text : "another process";
    }

    private static JournalException inUse(Path directory, String owner) {
        return new JournalException("the journal " + directory + " is in use by " + owner
                + "; stop that one first, or use another directory");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("cannot close the lock of {}", directory, e);
        } finally {
            HELD_HERE.remove(directory);
        }
    }
}
