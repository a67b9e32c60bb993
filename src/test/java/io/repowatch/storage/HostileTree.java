package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A directory of things with hostile names, and what GNU find sees of it. Names are bytes as ISO 8859-1 text. */
final class HostileTree {
    static final Entry NONE = new Entry(0, 0, 0, "");
    private static final int MAX_NAME = 255;
    private static final int MAX_DEPTH = 4;
    private static final int TREE = 0x4000;
    private static final int FILE = 0x8000;
    private static final int LINK = 0xA000;

    private static final String[] PIECES = {
        ".git",
        ".GIT",
        ".gitmodules",
        "git~1",
        "GITMOD~1",
        "gi7eba~1",
        ".nogtree",
        ".nog",
        ".",
        "..",
        "~1",
        "~1234567",
        "\\",
        " ",
        "\n",
        "\r",
        "\t",
        "\"",
        "'",
        ":",
        "::$INDEX_ALLOCATION",
        "\u00e2\u0080\u008c",
        "\u00ef\u00bb\u00bf",
        "\u00ff",
        "\u00c0\u00af",
        "\u00ed\u00a0\u0080",
        "\u0001",
        "\u007f",
        "a",
        "Z",
        "-",
        "--",
        "*",
        "?",
        "[",
        "\u00c3\u00bc",
        "con",
        "aux.txt",
        ".mailmap",
        "mailma~1",
        "maba30~1",
        ".gitattributes",
        "HEAD",
        "refs",
        "config",
        ".gitignore",
        ".nogbundles",
        ".git.",
        ".git ",
        "...",
        "$(x)",
        "{a,b}",
        "%00",
        "\u00e2\u0080\u00a8",
        "\u00ef\u00bf\u00bd",
        "\u00c4\u00b0"
    };

    private final Random random;
    private final List<Path> directories = new ArrayList<>();
    private final List<Path> things = new ArrayList<>();
    private final int depth;

    /**
     * What is recorded of one path.
     *
     * @param mtime seconds; zero for links
     * @param target of a link
     */
    record Entry(int mode, long size, long mtime, String target) {
        boolean isLink() {
            return mode == LINK;
        }

        static Entry link(String target) {
            return new Entry(LINK, 0, 0, target);
        }

        static Entry file(long size, long mtime) {
            return new Entry(FILE, size, mtime, "");
        }

        static Entry directory(long mtime) {
            return new Entry(TREE, 0, mtime, "");
        }
    }

    HostileTree(Path root, Random random) {
        this.random = random;
        this.depth = root.getNameCount();
        directories.add(root);
    }

    void create(int count) throws IOException {
        for (int i = 0; i < count; ) {
            i += createOne(PathBytes.resolve(any(directories), name())) ? 1 : 0;
        }
    }

    /** Adds, removes, modifies, and replaces by things of another kind. */
    void change(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Path path = any(things);
            boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            switch (random.nextInt(4)) {
                case 0 -> createOne(PathBytes.resolve(any(directories), name()));
                case 1 -> remove(path);
                case 2 -> {
                    if (exists && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                        Files.write(path, new byte[1 + random.nextInt(50)]);
                        Files.setLastModifiedTime(path, FileTime.fromMillis(1000L * random.nextInt(1_000_000_000)));
                    }
                }
                default -> {
                    remove(path);
                    if (Files.isDirectory(path.getParent())) {
                        createOne(path);
                    }
                }
            }
        }
    }

    private boolean createOne(Path path) throws IOException {
        try {
            switch (random.nextInt(5)) {
                case 0 -> {
                    Files.createDirectory(path);
                    if (path.getNameCount() - depth < MAX_DEPTH) {
                        directories.add(path);
                    }
                    if (random.nextInt(3) > 0) {
                        Files.createFile(path.resolve("f"));
                    }
                }
                case 1 -> {
                    Path base = directories.get(0);
                    Files.createSymbolicLink(path, base.relativize(PathBytes.resolve(base, name())));
                }
                default -> Files.write(path, new byte[random.nextInt(3)], StandardOpenOption.CREATE_NEW);
            }
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        things.add(path);
        return true;
    }

    private void remove(Path path) throws IOException {
        Durable.delete(path);
        directories.removeIf(directory -> directory.startsWith(path));
        things.removeIf(thing -> !thing.equals(path) && thing.startsWith(path));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] name() {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        switch (random.nextInt(10)) {
            case 0 -> bytes(name, MAX_NAME);
            case 1 -> bytes(name, 1 + random.nextInt(12));
            default -> {
                for (int pieces = 1 + random.nextInt(3); pieces > 0; pieces--) {
                    name.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
        String text = name.toString(StandardCharsets.ISO_8859_1);
        return text.equals(".") || text.equals("..")
                ? ("dots" + text).getBytes(StandardCharsets.ISO_8859_1)
                : name.toByteArray();
    }

    private void bytes(ByteArrayOutputStream name, int count) {
        while (name.size() < count) {
            int b = 1 + random.nextInt(255);
            name.write(b == '/' ? '\\' : b);
        }
    }

    /** What a shadow should show of the directory. */
    static Map<String, Entry> shown(Path root) throws IOException, InterruptedException {
        Process find = new ProcessBuilder("find", ".", "-printf", "%y\\n%s\\n%T@\\n%l\\0%P\\0")
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String all = new String(find.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(find.waitFor()).isZero();
        Map<String, Entry> shown = new TreeMap<>();
        Map<String, Entry> directories = new TreeMap<>();
        Set<String> withFiles = new HashSet<>();
        String[] parts = all.split("\0", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            String[] fields = parts[i].split("\n", 4);
            long mtime = (long) Math.floor(Double.parseDouble(fields[2]));
            String path = parts[i + 1];
            if (fields[0].equals("d")) {
                directories.put(path, Entry.directory(mtime));
            } else if (!isHidden(path, fields[0].equals("l"))) {
                withFiles.add(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
                shown.put(
                        path,
                        fields[0].equals("l") ? Entry.link(fields[3]) : Entry.file(Long.parseLong(fields[1]), mtime));
            }
        }
        directories.forEach((path, entry) -> {
            if (withFiles.contains(path) || path.isEmpty()) {
                shown.put(path.isEmpty() ? "." : path, entry);
            }
        });
        return shown;
    }

    private static boolean isHidden(String path, boolean link) {
        String[] names = path.split("/", -1);
        for (int i = 0; i < names.length; i++) {
            byte[] name = names[i].getBytes(StandardCharsets.ISO_8859_1);
            if (HiddenNames.hides(name, link && i == names.length - 1)) {
                return true;
            }
        }
        return false;
    }

    /** The bytes that a text on the wire stands for. */
    static String unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == 0xFFFD) {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 3;
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
