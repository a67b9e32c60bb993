package io.repowatch.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names in a data directory that get no entry of their own in a shadow repo, because git or the shadow's own files use them:
 * whatever begins with {@code .git} or {@code .nog} (hidden from readers anyway, storage specification §4), in any case, and what
 * HFS+ or NTFS take for such a name: with ignorable characters inside, behind a backslash, or as a short name such as
 * {@code git~1}. Git refuses trees that hold them. They are counted in the sums, so a change of them still shows there.
 *
 * <p>Rather hides a few names too many (seldom ones such as {@code ~1234567}) than follow git's rules to the letter.
 */
final class HiddenNames {
    private static final Pattern HFS_IGNORES =
            Pattern.compile("[\\u200C-\\u200F\\u202A-\\u202E\\u206A-\\u206F\\uFEFF]");
    private static final Pattern SHORT_NAME = Pattern.compile("git~[0-9].*|git(mod|att|ign)~[0-9].*", Pattern.DOTALL);
    private static final Pattern HASHED_SHORT_NAME =
            Pattern.compile("(g|gi|gi[27][0-9a-f]{0,3}|m|ma|ma[0-9a-f]{1,4})?~[1-9][0-9]*");
    private static final int SHORT_NAME_LENGTH = 8;
    private static final byte[] SUMMARY = StatTree.SUMMARY.getBytes(StandardCharsets.US_ASCII);

    private HiddenNames() {}

    static boolean hides(byte[] name, boolean link) {
        String plain = HFS_IGNORES
                .matcher(new String(name, StandardCharsets.UTF_8))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        int start = 0;
        while (true) {
            int end = plain.indexOf('\\', start);
            if (hidesPart(end < 0 ? plain.substring(start) : plain.substring(start, end), link)) {
                return true;
            }
            if (end < 0) {
                return false;
            }
            start = end + 1;
        }
    }

    /** Whether a path of a shadow repo ends in a name that readers never see: its last {@code length} bytes. */
    static boolean isReserved(byte[] path, int length) {
        int start = path.length - length;
        return length >= 4
                && path[start] == '.'
                && (path[start + 1] == 'g' && path[start + 2] == 'i' && path[start + 3] == 't'
                        || path[start + 1] == 'n' && path[start + 2] == 'o' && path[start + 3] == 'g');
    }

    /** Whether that name is the one of a directory's summary, which stands for the directory. */
    static boolean isSummary(byte[] path, int length) {
        int start = path.length - length;
        return Arrays.equals(path, start, path.length, SUMMARY, 0, SUMMARY.length);
    }

    /** How long the last name of a path is. */
    static int nameLength(byte[] path) {
        int length = 0;
        while (length < path.length && path[path.length - 1 - length] != '/') {
            length++;
        }
        return length;
    }

    private static boolean hidesPart(String part, boolean link) {
        if (part.startsWith(".git") || part.startsWith(".nog")) {
            return true;
        }
        // Git accepts a file of this name, but no link.
        if (link && (part.startsWith(".mailmap") || part.startsWith("mailma~"))) {
            return true;
        }
        if (part.indexOf('~') < 0) {
            return false;
        }
        return SHORT_NAME.matcher(part).matches()
                || part.length() >= SHORT_NAME_LENGTH
                        && HASHED_SHORT_NAME
                                .matcher(part.substring(0, SHORT_NAME_LENGTH))
                                .matches();
    }
}
