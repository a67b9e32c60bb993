package io.repowatch.service;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Who asks for something, as git writes it: {@code Name <mail>}. */
record Author(String name, String email) {
    private static final Pattern FORM = Pattern.compile("\\s*([^<>\\n]*[^<>\\s])\\s*<([^<>\\s]+)>\\s*");

    /** @throws IllegalArgumentException if it is not of that form; the message names it */
    static Author parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not an author; write 'Name <mail>'");
        }
        return new Author(matcher.group(1), matcher.group(2));
    }

    @Override
    public String toString() {
        return name + " <" + email + ">";
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<Author> {
        @Override
        public Author convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
