package io.repowatch.storage;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Owner, permissions, time and extended attributes (access control lists among them), from one thing to its copy. Owners are kept
 * where this process may set them; the label of SELinux is the destination's own affair.
 */
final class Metadata {
    private static final String LABEL = "security.selinux";

    private boolean owners = true;

    /** Whether some owner could not be set. */
    boolean hasLostOwners() {
        return !owners;
    }

    /** Whether the copy has all that the source has. */
    boolean same(FileStat from, SortedMap<String, byte[]> attributes, FileStat to, SortedMap<String, byte[]> copied) {
        return (!owners || from.owner() == to.owner() && from.group() == to.group())
                && (from.isLink() || from.permissions() == to.permissions())
                && from.mtime() == to.mtime()
                && same(kept(attributes), kept(copied));
    }

    private static boolean same(SortedMap<String, byte[]> one, SortedMap<String, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), other.get(entry.getKey())));
    }

    private static SortedMap<String, byte[]> kept(SortedMap<String, byte[]> all) {
        SortedMap<String, byte[]> kept = new TreeMap<>(all);
        kept.remove(LABEL);
        return kept;
    }

    /** Gives the open copy all that the source has; the time last, since the rest changes it. */
    void apply(FileStat from, SortedMap<String, byte[]> attributes, Handle copy) throws IOException {
        FileStat to = copy.stat();
        chown(from, to, copy, Handle.SELF);
        attributes(attributes, copy.attributes(), copy, Handle.SELF);
        copy.chmod(from.permissions());
        copy.setTime(Handle.SELF, from.mtime());
    }

    /** As above, for a link or another thing that cannot be opened. */
    void apply(FileStat from, SortedMap<String, byte[]> attributes, Handle directory, byte[] name) throws IOException {
        chown(from, directory.stat(name), directory, name);
        attributes(attributes, directory.attributesOf(name), directory, name);
        directory.setTime(name, from.mtime());
    }

    private void chown(FileStat from, FileStat to, Handle handle, byte[] name) throws Errno {
        if (!owners || from.owner() == to.owner() && from.group() == to.group()) {
            return;
        }
        try {
            handle.chown(name, from.owner(), from.group());
        } catch (Errno e) {
            if (!e.is(Errno.EPERM, Errno.EINVAL)) {
                throw e;
            }
            owners = false;
        }
    }

    private static void attributes(
            SortedMap<String, byte[]> wanted, SortedMap<String, byte[]> present, Handle handle, byte[] name)
            throws Errno {
        for (Map.Entry<String, byte[]> entry : kept(wanted).entrySet()) {
            if (!Arrays.equals(entry.getValue(), present.get(entry.getKey()))) {
                handle.setAttribute(name, entry.getKey(), entry.getValue());
            }
        }
        for (String extra : kept(present).keySet()) {
            if (!wanted.containsKey(extra)) {
                handle.removeAttribute(name, extra);
            }
        }
    }
}
