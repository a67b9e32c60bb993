package io.repowatch.observer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The text of an error that is stored on a repo (storage specification §1.6). */
final class ErrorText {
    private static final String ELLIPSIS = "...";

    private ErrorText() {}

    /** The time in UTC with seconds, a space, and the message; at most {@code limit} bytes of UTF-8. */
    static String stored(Instant now, String message, int limit) {
        return cut(now.truncatedTo(ChronoUnit.SECONDS) + " " + message, limit);
    }

    /** What a failure says of itself; never empty. */
    static String message(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isBlank() ? error.getClass().getSimpleName() : message;
    }

    /** Cuts at a character boundary, so that the text can be encoded and what is stored is what was meant (D17). */
    static String cut(String text, int limit) {
        if (bytes(text) <= limit) {
            return text;
        }
        int room = limit - ELLIPSIS.length();
        int end = 0;
        while (end < text.length()) {
            int next = end + Character.charCount(text.codePointAt(end));
            room -= bytes(text.substring(end, next));
            if (room < 0) {
                break;
            }
            end = next;
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
