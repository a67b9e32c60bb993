package io.repowatch.id;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The path of a root or repo in the registry's name space: absolute, lexically clean, without a trailing slash; the root of
 * the name space is the empty text (registry specification, section 1.4). Immutable; may be shared.
 *
 * @param value the path, such as {@code /data/projects/a}, or {@code ""} for {@code /}
 */
public record GlobalPath(String value) {

    /** The root of the name space. */
    public static final GlobalPath ROOT = new GlobalPath("");

    /**
     * Takes a path that is clean already.
     *
     * @throws IllegalArgumentException if it is relative, not clean, or has a trailing slash; {@link #parse} mends the last two
     */
    public GlobalPath {
        if (!value.isEmpty() && !isClean(value)) {
            throw new IllegalArgumentException("not a clean absolute path: \"" + value + "\"");
        }
    }

    /**
     * Cleans a path lexically: collapses slashes, resolves {@code .} and {@code ..}, drops trailing slashes.
     *
     * @throws IllegalArgumentException if {@code text} is empty, relative, or holds a NUL character
     */
    public static GlobalPath parse(String text) {
        return new GlobalPath(clean(text));
    }

    private static String clean(String text) {
        if (isClean(text)) {
            return text;
        }
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("not an absolute path: \"" + text + "\"; it must start with a slash");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a path cannot hold a NUL character: \"" + text + "\"");
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : text.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        StringBuilder path = new StringBuilder(text.length());
        for (Iterator<String> it = parts.iterator(); it.hasNext(); ) {
            path.append('/').append(it.next());
        }
        return path.toString();
    }

    /** Whether a path is what {@link #clean} would make of it. Nearly all are, and each event of a history names one. */
    private static boolean isClean(String path) {
        if (!path.startsWith("/")) {
            return false;
        }
        int start = 1;
        for (int at = 1; at <= path.length(); at++) {
            char c = at == path.length() ? '/' : path.charAt(at);
            if (c == '\0' || c == '/' && !isName(path, start, at)) {
                return false;
            }
            start = c == '/' ? at + 1 : start;
        }
        return true;
    }

    /** Whether a component is a name: not empty, and none of the two that point elsewhere. */
    private static boolean isName(String path, int start, int end) {
        return switch (end - start) {
            case 0 -> false;
            case 1 -> path.charAt(start) != '.';
            case 2 -> path.charAt(start) != '.' || path.charAt(start + 1) != '.';
            default -> true;
        };
    }

    /** Whether this path equals {@code ancestor} or lies below it; compared by whole components. */
    public boolean isAtOrBelow(GlobalPath ancestor) {
        return value.startsWith(ancestor.value)
                && (value.length() == ancestor.value.length() || value.charAt(ancestor.value.length()) == '/');
    }

    /** Whether this path lies below {@code ancestor} and is not equal to it. */
    public boolean isBelow(GlobalPath ancestor) {
        return isAtOrBelow(ancestor) && !equals(ancestor);
    }

    /** The path without its last component; {@link #ROOT} for itself. */
    public GlobalPath parent() {
        return value.isEmpty() ? ROOT : new GlobalPath(value.substring(0, value.lastIndexOf('/')));
    }

    /**
     * What remains of this path below {@code ancestor}, without a leading slash; empty if they are equal.
     *
     * @throws IllegalArgumentException if this path is not at or below {@code ancestor}
     */
    public String relativeTo(GlobalPath ancestor) {
        if (!isAtOrBelow(ancestor)) {
            throw new IllegalArgumentException(this + " is not at or below " + ancestor);
        }
        return equals(ancestor) ? "" : value.substring(ancestor.value.length() + 1);
    }

    /** The path as people write it: {@code /} for the root. */
    @Override
    public String toString() {
        return value.isEmpty() ? "/" : value;
    }
}
