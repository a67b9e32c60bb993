package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What programs of the system say of a directory: independent of the code under test. */
final class FileFacts {
    private FileFacts() {}

    /** Runs a program; its output as bytes in ISO 8859-1 text. */
    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
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
        for (String line : run("find", root.toString(), "-printf", "%y%m %p\\n").split("\n")) {
            facts.put(line.substring(line.indexOf(' ') + 1), line.substring(0, line.indexOf(' ')));
            if (line.startsWith("d") || line.startsWith("f")) {
                flagged.add(line.substring(line.indexOf(' ') + 1));
            }
        }
        if (run("stat", "-f", "-c", "%T", root.toString()).contains("ramfs")) {
            return facts;
        }
        for (String line : run(flagged.toArray(String[]::new)).split("\n")) {
            String path = line.substring(line.indexOf(' ') + 1);
            boolean immutable = line.substring(0, line.indexOf(' ')).contains("i");
            facts.merge(path, immutable ? " i" : "", String::concat);
        }
        return facts;
    }

    /** Every name with its kind, permissions, owner, size, time, link count and target, and what files hold. */
    static Map<String, String> everything(Path root) {
        Map<String, String> facts = new TreeMap<>();
        String all = run("find", root.toString(), "-printf", "%y %m %U:%G %s %T@ %n %l\\0%P\\0");
        String[] parts = all.split("\0", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            String fact = parts[i];
            // The size of a directory is the file system's own affair, and so are its links.
            facts.put(parts[i + 1], fact.startsWith("d") ? fact.replaceAll(" \\d+ (\\d+\\.\\d+) \\d+ ", " $1 ") : fact);
        }
        String sums = run("sh", "-c", "cd \"$1\" && find . -type f -print0 | xargs -0r sha256sum -z", "sh", root.toString());
        for (String line : sums.split("\0")) {
            if (!line.isEmpty()) {
                facts.merge(line.substring(line.indexOf("./") + 2), line.substring(0, 64), String::concat);
            }
        }
        return facts;
    }

    /** Lets everything be removed again. */
    static void thaw(Path root) {
        run("sh", "-c", "chattr -R -f -i -a \"$1\" 2>/dev/null; chmod -R u+rwX \"$1\" 2>/dev/null; true", "sh", root.toString());
    }
}
