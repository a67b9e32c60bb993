package io.repowatch.service;

import java.util.regex.Pattern;

/** Text for a POSIX shell. */
final class Shell {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Shell() {}

    /**
     * One word, quoted where it has to be. Control characters are written as {@code $'...'} escapes, which bash, zsh and ksh
     * know, so that a printed line stays one line and cannot steer the terminal.
     */
    static String word(String text) {
        if (PLAIN.matcher(text).matches()) {
            return text;
        }
        if (text.chars().noneMatch(Character::isISOControl)) {
            return "'" + text.replace("'", "'\\''") + "'";
        }
        StringBuilder quoted = new StringBuilder("$'");
        text.codePoints().forEach(c -> {
            if (c == '\'' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c)) {
                quoted.append(c < 0x80 ? String.format("\\x%02x", c) : String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append("'").toString();
    }
}
