package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the walk of the README as it stands. */
class WalkIT {

    @Test
    void theWalkOfTheReadmeWorks(@TempDir Path temp) throws IOException, InterruptedException {
        Path output = temp.resolve("walk.txt");
        Process walk = new ProcessBuilder("bash", "docs/walk.sh")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        walk.getOutputStream().close();
        boolean ended = walk.waitFor(4, TimeUnit.MINUTES);
        walk.destroy();

        String text = Files.readString(output);
        assertThat(ended).as("ended within 4 minutes; it printed:%n%s", text).isTrue();
        assertThat(walk.exitValue()).as("exit code; it printed:%n%s", text).isZero();
        assertThat(text)
                .contains("repos=200", "repos=201")
                .contains("201 repos, each with one SHADOW_REPO_CREATED and one shadow with one root commit");
    }
}
