package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** The files of a new shadow repo before it has objects (storage specification §5.2). */
final class ShadowSkeleton {
    private static final String EXCLUDE = "# Nothing in this directory is added by hand.\n*\n";
    private static final String ATTRIBUTES = "# Rewritten by programs that use filters.\n";

    private ShadowSkeleton() {}

    /** Makes {@code shadow}, which must not exist, with an empty repository in it. */
    static void write(Path shadow, UUID repo, String dataDirectory, DataEntry root) throws IOException {
        Files.createDirectory(shadow);
        Files.setPosixFilePermissions(shadow, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path git = Files.createDirectory(shadow.resolve(ShadowRepo.GIT));
        for (String directory :
                new String[] {"objects/info", "objects/pack", "refs/heads", "refs/tags", "info", "fso"}) {
            Files.createDirectories(git.resolve(directory));
        }
        write(git.resolve("HEAD"), "ref: " + Branch.STUB.ref() + "\n");
        write(git.resolve("config"), config(dataDirectory));
        write(git.resolve("info/exclude"), EXCLUDE);
        write(git.resolve("info/attributes"), ATTRIBUTES);
        write(git.resolve("fso/realdir-id"), DataIdentity.format(root));
        Path uuid = ShadowRepo.uuidFile(shadow);
        write(uuid, repo + "\n");
        Files.setPosixFilePermissions(uuid, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content, StandardCharsets.UTF_8);
    }

    // The filters are inert: blobs are computed here, and no attribute ever selects a filter. Programs look for the
    // entries.
    private static String config(String dataDirectory) {
        return """
                [core]
                \trepositoryformatversion = 0
                \tfilemode = false
                \tbare = false
                \tlogallrefupdates = false
                \ttrustctime = false
                [fso]
                \trealdir = %s
                [filter "stat"]
                \tclean = cat
                \tsmudge = cat
                \trequired = true
                [filter "sha"]
                \tclean = cat
                \tsmudge = cat
                \trequired = true
                """.formatted(quoted(dataDirectory));
    }

    private static String quoted(String value) {
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\b", "\\b")
                + '"';
    }
}
