package io.repowatch.storage;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names as text for the wire, where strings must be UTF-8 and names need not be. A name that is UTF-8 is itself. Each byte that
 * is not part of a character becomes U+FFFD and two hexadecimal digits, and so does each byte of a U+FFFD in the name itself: no
 * two names have the same text, and the bytes can be found again.
 */
final class PathText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PathText() {}

    static String of(byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : escaped(name);
    }

    private static String escaped(byte[] name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(name);
        CharBuffer out = CharBuffer.allocate(name.length);
        StringBuilder text = new StringBuilder(name.length + 8);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            append(text, out.flip());
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                append(text, in.get());
            }
            decoder.reset();
        }
    }

    private static void append(StringBuilder text, CharBuffer good) {
        for (int i = 0; i < good.length(); i++) {
            char c = good.charAt(i);
            if (c == REPLACEMENT) {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    append(text, b);
                }
            } else {
                text.append(c);
            }
        }
    }

    private static void append(StringBuilder text, byte b) {
        text.append(REPLACEMENT).append(HEX.toHexDigits(b));
    }
}
