package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackedDirectoriesTest {
    @TempDir
    Path temp;

    private Path root = Path.of("");

    @BeforeEach
    void makeRoot() throws IOException {
        root = temp.toRealPath();
    }

    @Test
    void everyDirectSubdirectoryIsFoundInOrder() throws IOException {
        make("b", "a", "c/deeper");
        Files.createFile(root.resolve("file"));

        assertThat(found(1, "data")).containsExactly("a", "b", "c");
    }

    @Test
    void hiddenVersionControlAndDataDirectoriesAreNot() throws IOException {
        make(".git", ".hidden", "CVS", "RCS", "SCCS", "_darcs", "{arch}", "data", "project");

        assertThat(found(1, "data")).containsExactly("project");
    }

    @Test
    void aDirectoryThatHoldsTheDataDirectoryIsNot() throws IOException {
        make("holder/data", "project");

        assertThat(found(1, "holder/data")).containsExactly("project");
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        make("project");
        Files.createSymbolicLink(root.resolve("link"), root.resolve("project"));

        assertThat(found(1, "data")).containsExactly("project");
    }

    @Test
    void depthCountsLevelsAndSkipsWhatIsHiddenAbove() throws IOException {
        make("a/x", "a/y", "b", ".c/z", "d/e/f");

        assertThat(found(2, "data")).containsExactly("a/x", "a/y", "d/e");
        assertThat(found(3, "data")).containsExactly("d/e/f");
    }

    @Test
    void aMissingRootIsAnError() {
        TrackedDirectories directories = new TrackedDirectories(List.of(root.resolve("data")));

        assertThatThrownBy(() -> directories.below(root.resolve("missing"), 1)).isInstanceOf(NoSuchFileException.class);
    }

    private void make(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(root.resolve(name));
        }
    }

    private java.util.List<String> found(int depth, String data) throws IOException {
        return new TrackedDirectories(List.of(root.resolve(data)))
                .below(root, depth).stream()
                        .map(p -> root.relativize(p).toString())
                        .toList();
    }
}
