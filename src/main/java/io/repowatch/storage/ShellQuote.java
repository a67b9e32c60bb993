package io.repowatch.storage;

import java.nio.charset.StandardCharsets;

/**
 * Quotes any bytes as one word of a shell. What is printable ASCII stands in single quotes; with anything else in it the word is
 * {@code $'…'} with octal bytes, which bash, ksh, zsh and POSIX.1-2024 shells know, so that no terminal and no clipboard changes it.
 */
public final class ShellQuote {
    private ShellQuote() {}

    /** One word of a shell that is this text in UTF-8. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    static String of(byte[] word) {
        boolean plain = true;
        for (byte b : word) {
            plain &= isPlain(b);
        }
        StringBuilder quoted = new StringBuilder(plain ? "'" : "$'");
        for (byte b : word) {
            if (plain) {
                quoted.append(b == '\'' ? "'\\''" : String.valueOf((char) b));
            } else if (isPlain(b) && b != '\'' && b != '\\') {
                quoted.append((char) b);
            } else {
                // Always three digits, so that a digit after it is not taken for a part of it.
                quoted.append(String.format("\\%03o", b & 0xFF));
            }
        }
        return quoted.append('\'').toString();
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b < 0x7F;
    }
}
