package io.repowatch.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;

/** The branches of a new shadow repo in one file, because every file more is one more to bring to the disk. */
final class PackedBranches {
    private static final List<Branch> SORTED =
            List.of(Branch.CONTENT, Branch.SHA, Branch.SOT, Branch.STAT, Branch.STUB, Branch.TOS);

    private PackedBranches() {}

    /** All branches begin at the stub's first commit, so that each history has one root; the stat branch is one further. */
    static void write(Path gitDirectory, ObjectId stub, ObjectId stat) throws IOException {
        String refs = SORTED.stream()
                .map(branch -> (branch == Branch.STAT ? stat : stub).name() + " " + branch.ref() + "\n")
                .collect(Collectors.joining("", "# pack-refs with: peeled fully-peeled sorted \n", ""));
        Files.writeString(gitDirectory.resolve("packed-refs"), refs);
    }
}
