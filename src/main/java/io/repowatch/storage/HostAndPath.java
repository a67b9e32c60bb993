package io.repowatch.storage;

import io.repowatch.observer.StrongError;

/** A place as the wire writes it: {@code host:/absolute/path}. */
record HostAndPath(String host, String path) {

    /** Strong error if {@code text} has another form. */
    static HostAndPath parse(String what, String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || !text.startsWith("/", colon + 1)) {
            throw new StrongError("the registry gives the " + what + " as \"" + PathBytes.printable(text)
                    + "\", which is not host:/path");
        }
        return new HostAndPath(text.substring(0, colon), text.substring(colon + 1));
    }
}
