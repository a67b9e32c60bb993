package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What programs of the system say of a directory: independent of the code under test. */
final class FileFacts {
    private FileFacts() {}

    /**
     * Tests that die or swap at the n-th step take every n-th of them, all with {@code -Drepowatch.steps=1}; the number has no
     * common factor with the number of steps of one file, so that all kinds of steps are met.
     */
    static int stride() {
        return Integer.getInteger("repowatch.steps", 7);
    }

    /** Runs a program; its output as bytes in ISO 8859-1 text. */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Path below {@code root} to its permissions and whether it is immutable. */
    static Map<String, String> attributes(Path root) {
        Map<String, String> facts = new TreeMap<>();
        List<String> flagged = new ArrayList<>(List.of("lsattr", "-d"));
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                String type = Files.isSymbolicLink(path) ? "l" : Files.isDirectory(path) ? "d" : "f";
                facts.put(path.toString(), type + Integer.toOctalString(mode & 07777));
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                        || Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    flagged.add(path.toString());
                }
            }
            if (Files.getFileStore(root).type().equals("ramfs")) {
                return facts;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String line : run(flagged.toArray(String[]::new)).split("\n")) {
            String path = line.substring(line.indexOf(' ') + 1);
            boolean immutable = line.substring(0, line.indexOf(' ')).contains("i");
            facts.merge(path, immutable ? " i" : "", String::concat);
        }
        return facts;
    }

    /** Every name with its kind, permissions, owner, size, time, link count and target, and the sha256 of what files hold. */
    static Map<String, String> everything(Path root) {
        Map<String, String> facts = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                facts.put(root.relativize(path).toString(), facts(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return facts;
    }

    private static String facts(Path path) throws IOException {
        Map<String, Object> unix =
                Files.readAttributes(path, "unix:mode,uid,gid,size,nlink,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        String common = Integer.toOctalString((Integer) unix.get("mode")) + " " + unix.get("uid") + ":"
                + unix.get("gid") + " " + unix.get("lastModifiedTime");
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            // The size of a directory is the file system's own affair, and so are its links.
            return "d " + common;
        }
        String file = common + " " + unix.get("size") + " " + unix.get("nlink");
        if (Files.isSymbolicLink(path)) {
            return "l " + file + " " + Files.readSymbolicLink(path);
        }
        return Files.isRegularFile(path) ? "f " + file + " " + sha256(path) : "o " + file;
    }

    static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets everything be removed again. */
    static void thaw(Path root) {
        run(
                "sh",
                "-c",
                "chattr -R -f -i -a \"$1\" 2>/dev/null; chmod -R u+rwX \"$1\" 2>/dev/null; true",
                "sh",
                root.toString());
    }
}
