package io.repowatch.service.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.stream.Collectors;

/** The versions of the libraries that figures depend on, as the build has written them down. */
final class Versions {
    private Versions() {}

    static String text() throws IOException {
        Properties versions = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
            if (in == null) {
                return "unknown";
            }
            versions.load(in);
        }
        return versions.stringPropertyNames().stream()
                .sorted()
                .map(name -> name + " " + versions.getProperty(name))
                .collect(Collectors.joining(", "));
    }
}
