package io.repowatch.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * File names as the bytes they are. A {@link Path} keeps a name's bytes whatever they are, but its text form loses those that
 * the JVM's file name encoding cannot express (every non-ASCII byte under {@code LANG=C}); the URI form loses none.
 */
final class PathBytes {
    private static final boolean UTF8_NAMES = StandardCharsets.UTF_8.equals(nameEncoding());

    private PathBytes() {}

    static Charset nameEncoding() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.US_ASCII;
    }

    /** The path that the registry calls {@code text}: its UTF-8 bytes, whatever the JVM's encoding is; normalised. */
    static Path absolute(String text) {
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an absolute path: \"" + text + "\"");
        }
        return ofBytes(text.getBytes(StandardCharsets.UTF_8)).normalize();
    }

    /** The path {@code bytes}, relative to the absolute {@code base} unless it is absolute itself; not normalised. */
    static Path resolve(Path base, byte[] bytes) {
        if (bytes.length > 0 && bytes[0] == '/') {
            return ofBytes(bytes);
        }
        byte[] above = bytes(base);
        byte[] joined = Arrays.copyOf(slashed(above), above.length + 1 + bytes.length);
        System.arraycopy(bytes, 0, joined, above.length + 1, bytes.length);
        return ofBytes(joined);
    }

    private static Path ofBytes(byte[] bytes) {
        StringBuilder uri = new StringBuilder("file://");
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xFF;
            if (c == '/' && i > 0 && bytes[i - 1] == '/') {
                continue;
            }
            if (c == '/' || c < 0x80 && Character.isLetterOrDigit(c)) {
                uri.append((char) c);
            } else {
                uri.append('%').append(hex(c >> 4)).append(hex(c & 0xF));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    /** The bytes of the last component. */
    static byte[] name(Path path) {
        Path last = path.getFileName();
        String text = last == null ? "" : last.toString();
        if (isExact(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] all = bytes(path);
        int start = all.length;
        while (start > 0 && all[start - 1] != '/') {
            start--;
        }
        return Arrays.copyOfRange(all, start, all.length);
    }

    /** The bytes of a symbolic link's target. */
    static byte[] linkTarget(Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        String text = target.toString();
        if (isExact(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] absolute = bytes(Path.of("/").resolve(target));
        byte[] exact = target.isAbsolute() ? absolute : Arrays.copyOfRange(absolute, 1, absolute.length);
        // The URI form adds a slash to a directory and is stripped of it; a slash that was in the target is put back.
        return text.endsWith("/") && !text.equals("/") ? slashed(exact) : exact;
    }

    private static byte[] slashed(byte[] bytes) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = '/';
        return longer;
    }

    private static boolean isExact(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 && (!UTF8_NAMES || c == 0xFFFD)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of an absolute path. */
    static byte[] of(Path absolute) {
        return bytes(absolute);
    }

    private static byte[] bytes(Path absolute) {
        String uri = absolute.toUri().toString();
        int start = "file://".length();
        int end = uri.length();
        while (end > start + 1 && uri.charAt(end - 1) == '/') {
            end--;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start);
        for (int i = start; i < end; i++) {
            char c = uri.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    /** The path for a message: on one line, whatever the name holds. */
    static String printable(Path path) {
        return printable(path.toString());
    }

    static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c));
        return clean.toString();
    }
}
