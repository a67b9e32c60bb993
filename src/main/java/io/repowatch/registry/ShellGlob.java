package io.repowatch.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * A shell-style pattern for relative paths (registry specification §3.2.1): {@code *} and {@code ?} stay within a component,
 * {@code [a-z]}, {@code [!a]} and {@code [^a]} are classes, a backslash takes the next character literally; the whole path
 * must match. Matching takes at most the product of the lengths, whatever the pattern. Immutable.
 */
final class ShellGlob {
    private final List<List<Token>> components = new ArrayList<>();

    /** What one step of the pattern accepts: {@code ranges} holds pairs of first and last character. */
    private record Token(boolean star, boolean negated, String ranges) {
        static final Token STAR = new Token(true, false, "");
        static final Token ANY = new Token(false, true, "");

        static Token literal(char c) {
            return new Token(false, false, "" + c + c);
        }

        boolean accepts(char c) {
            for (int i = 0; i < ranges.length(); i += 2) {
                if (c >= ranges.charAt(i) && c <= ranges.charAt(i + 1)) {
                    return !negated;
                }
            }
            return negated;
        }
    }

    /** @throws IllegalArgumentException if the pattern is malformed; the message says how */
    ShellGlob(String pattern) {
        for (String component : pattern.split("/", -1)) {
            components.add(new Parser(component).tokens());
        }
    }

    boolean matches(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length != components.size()) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!matches(components.get(i), parts[i])) {
                return false;
            }
        }
        return true;
    }

    /** Where a token does not fit, only the last star takes one character more: earlier ones need no second try. */
    private static boolean matches(List<Token> tokens, String text) {
        int token = 0;
        int at = 0;
        int lastStar = -1;
        int starEnd = 0;
        while (at < text.length()) {
            if (token < tokens.size() && tokens.get(token).star()) {
                lastStar = token++;
                starEnd = at;
            } else if (token < tokens.size() && tokens.get(token).accepts(text.charAt(at))) {
                token++;
                at++;
            } else if (lastStar >= 0) {
                token = lastStar + 1;
                at = ++starEnd;
            } else {
                return false;
            }
        }
        while (token < tokens.size() && tokens.get(token).star()) {
            token++;
        }
        return token == tokens.size();
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Token> tokens() {
            List<Token> tokens = new ArrayList<>();
            while (at < text.length()) {
                char c = text.charAt(at++);
                switch (c) {
                    case '*' -> tokens.add(Token.STAR);
                    case '?' -> tokens.add(Token.ANY);
                    case '[' -> tokens.add(charClass());
                    case '\\' -> tokens.add(Token.literal(taken()));
                    default -> tokens.add(Token.literal(c));
                }
            }
            return tokens;
        }

        private Token charClass() {
            boolean negated = at < text.length() && (text.charAt(at) == '!' || text.charAt(at) == '^');
            if (negated) {
                at++;
            }
            StringBuilder ranges = new StringBuilder();
            for (char c = member(); ; c = member()) {
                char last = c;
                if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                    at++;
                    last = member();
                }
                if (last < c) {
                    throw malformed("has a range that runs backwards");
                }
                ranges.append(c).append(last);
                if (at < text.length() && text.charAt(at) == ']') {
                    at++;
                    return new Token(false, negated, ranges.toString());
                }
            }
        }

        private char member() {
            char c = taken();
            return c == '\\' ? taken() : c;
        }

        private char taken() {
            if (at == text.length()) {
                throw malformed("ends too early");
            }
            return text.charAt(at++);
        }

        private IllegalArgumentException malformed(String how) {
            return new IllegalArgumentException("the pattern component \"" + text + "\" " + how);
        }
    }
}
