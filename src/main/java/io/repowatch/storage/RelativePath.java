package io.repowatch.storage;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The way from a directory to something below it. Shares what it has in common with others. */
final class RelativePath {
    static final RelativePath ROOT = new RelativePath(null, new byte[0]);

    private final @Nullable RelativePath parent;
    private final byte[] name;

    private RelativePath(@Nullable RelativePath parent, byte[] name) {
        this.parent = parent;
        this.name = name;
    }

    RelativePath child(byte[] childName) {
        return new RelativePath(this, childName);
    }

    /** The names, with a slash before each; nothing for the root. */
    byte[] bytes() {
        Deque<byte[]> names = new ArrayDeque<>();
        for (RelativePath p = this; p.parent != null; p = p.parent) {
            names.push(p.name);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : names) {
            bytes.write('/');
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    /** For a person, and exact: what is no printable UTF-8 is escaped. */
    @Override
    public String toString() {
        return parent == null ? "the directory itself" : PathBytes.printable(PathText.of(bytes()));
    }
}
