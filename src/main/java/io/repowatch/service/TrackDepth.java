package io.repowatch.service;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How deep below a root the directories lie that become repos.
 *
 * @param levels 1 for direct subdirectories; 0 for no tracking
 */
record TrackDepth(int levels) {
    private static final int MAX = 9;

    boolean enabled() {
        return levels > 0;
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<TrackDepth> {
        @Override
        public TrackDepth convert(String value) {
            if (value.equals("none")) {
                return new TrackDepth(0);
            }
            if (!value.matches("[1-9]")) {
                throw new TypeConversionException(
                        "\"" + value + "\" is not a depth; write a number from 1 to " + MAX + ", or none");
            }
            return new TrackDepth(Integer.parseInt(value));
        }
    }
}
