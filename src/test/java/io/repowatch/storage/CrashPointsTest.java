package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

class CrashPointsTest {
    @TempDir
    Path directory;

    private StorageFixture host;

    /** Like a killed process: no clean-up runs. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(directory.toRealPath());
        host.file("a.txt", 3);
        host.file("sub/b.txt", 3);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void requireOneCleanShadow() throws IOException {
        host.git().requireClean();
        assertThat(host.git().run("rev-list", "--all", "--max-parents=0")).hasLineCount(1);
        assertThat(host.git().run("rev-list", "master-stat")).hasLineCount(2);
        assertThat(host.leftovers()).isEmpty();
        assertThat(host.confirmed).containsExactly(host.shadow().toString());
    }

    @ParameterizedTest
    @EnumSource(InitStep.class)
    void afterACrashTheNextAttemptGivesExactlyOneRootCommit(InitStep crashAfter) throws IOException {
        host.steps = step -> {
            if (step == crashAfter) {
                throw new Crash();
            }
        };
        assertThatThrownBy(() -> host.init(SubdirTracking.ST_ENTER_SUBDIRS)).hasCauseInstanceOf(Crash.class);
        assertThat(host.confirmed).isEmpty();
        assertThat(Files.exists(host.shadow()))
                .as("the shadow has its name only when it is complete")
                .isEqualTo(crashAfter == InitStep.RENAMED);
        host.steps = step -> {};
        host.now = host.now.plusSeconds(60);
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        requireOneCleanShadow();
    }

    @ParameterizedTest
    @EnumSource(InitStep.class)
    void afterAFailureNothingIsLeftUnlessTheShadowIsComplete(InitStep failAfter) throws IOException {
        host.steps = step -> {
            if (step == failAfter) {
                throw new IllegalStateException("failed on purpose");
            }
        };
        assertThatThrownBy(() -> host.init(SubdirTracking.ST_ENTER_SUBDIRS)).hasMessageContaining("on purpose");
        assertThat(host.leftovers()).isEmpty();
        host.steps = step -> {};
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        requireOneCleanShadow();
    }

    @ParameterizedTest
    @EnumSource(
            value = InitStep.class,
            names = {"OBJECTS_WRITTEN", "RENAMED"})
    void aKilledProcessLosesNothingEither(InitStep step) throws Exception {
        ChildJvm.Result result =
                new ChildJvm().run("init", host.shadowRoot.toString(), host.data.toString(), step.name());
        assertThat(result.exit()).as(result.output()).isEqualTo(ChildMain.HALTED);
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        requireOneCleanShadow();
    }

    @Test
    void aCrashBeforeTheConfirmationIsMadeGoodByTheNextAttempt() throws IOException {
        ShadowInitializer failing = host.initializer(new ForwardingCommands(host) {
            @Override
            public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
                return Mono.error(new UncheckedIOException(new IOException("connection lost")));
            }
        });
        assertThatThrownBy(() -> failing.initRepo(host.state(SubdirTracking.ST_ENTER_SUBDIRS))
                        .block(StorageFixture.LONG))
                .hasMessageContaining("connection lost");
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        requireOneCleanShadow();
    }

    @Test
    void aRefusedConfirmationIsAWeakError() {
        ShadowInitializer refused = host.initializer(new ForwardingCommands(host) {
            @Override
            public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
                return Mono.error(new CommandRejectedException("FAILED_PRECONDITION", "other path"));
            }
        });
        assertThatThrownBy(() -> refused.initRepo(host.state(SubdirTracking.ST_ENTER_SUBDIRS))
                        .block(StorageFixture.LONG))
                .isInstanceOf(WeakError.class)
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("other path");
    }
}
