package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StoredError;
import io.repowatch.observer.StrongError;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class ShadowInitTest {
    private static final SubdirTracking ENTER = SubdirTracking.ST_ENTER_SUBDIRS;

    @TempDir
    Path directory;

    private StorageFixture host;

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(directory.toRealPath());
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private RepoState state() {
        return host.state(ENTER);
    }

    @Test
    void theShadowHasTheLayoutThatOtherProgramsExpect() throws IOException {
        host.file("a.txt", 3);
        host.init(ENTER);

        Path git = host.shadow().resolve(".git");
        assertThat(Files.readString(git.resolve("fso/uuid"))).isEqualTo(StorageFixture.REPO + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(git.resolve("fso/uuid"))))
                .isEqualTo("rw-r--r--");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(host.shadow().getParent())))
                .isEqualTo("rwxr-xr-x");
        GitCommand command = host.git();
        assertThat(command.run("config", "fso.realdir")).isEqualTo(host.data + "\n");
        assertThat(command.run("config", "core.filemode")).isEqualTo("false\n");
        assertThat(command.run("config", "core.trustctime")).isEqualTo("false\n");
        assertThat(command.run("config", "--get-regexp", "filter\\.(stat|sha)\\.(clean|smudge|required)"))
                .hasLineCount(6);
        assertThat(command.run("symbolic-ref", "HEAD")).isEqualTo("refs/heads/master-stub\n");
        assertThat(command.run("for-each-ref", "--format=%(refname:short)").lines())
                .containsExactly(
                        "master-content", "master-sha", "master-sot", "master-stat", "master-stub", "master-tos");
        assertThat(git.resolve("info/exclude")).exists();
        assertThat(git.resolve("info/attributes")).exists();
        command.requireClean();
        assertThat(host.leftovers()).isEmpty();
        assertThat(host.confirmed).containsExactly(host.shadow().toString());
    }

    @Test
    void commitsNameWhoAskedAndWhoCommittedAndWhen() throws IOException {
        host.file("a.txt", 3);
        host.init(ENTER);

        String format = "--format=%s|%an <%ae>|%cn <%ce>|%aI";
        String people =
                "|The Creator <creator@example.org>|repowatch <repowatch@localhost>|2026-03-04T05:06:07+00:00\n";
        assertThat(host.git().run("log", format, "master-stat"))
                .isEqualTo("stat 2026-03-04T05:06:07Z" + people + "init 2026-03-04T05:06:07Z" + people);
        assertThat(host.git().run("rev-list", "--all", "--max-parents=0")).hasLineCount(1);
        String stub = host.git().run("rev-parse", "master-stub");
        for (String branch : new String[] {"master-sha", "master-content", "master-sot", "master-tos"}) {
            assertThat(host.git().run("rev-parse", branch)).isEqualTo(stub);
        }
    }

    @Test
    void aPathWithOddCharactersComesBackFromTheConfiguration() throws IOException {
        StorageFixture odd = new StorageFixture(directory.toRealPath().resolve("q\"b\\ s\n;#ü"));
        odd.file("a.txt", 1);
        odd.init(ENTER);
        assertThat(odd.git().run("config", "fso.realdir")).isEqualTo(odd.data + "\n");
        odd.git().requireClean();
        odd.close();
    }

    @Test
    void creatorsThatGitCannotHoldStillGiveACleanShadow() throws IOException {
        host.file("a.txt", 1);
        RepoState hostile = host.state(ENTER, "Hostile <\n> \u0000x", "e<v>e\n", "", "");
        host.initializer().initRepo(hostile).block(StorageFixture.LONG);
        host.git().requireClean();
    }

    @Test
    void repeatingAnInitOnlyConfirmsAgain() throws IOException {
        host.file("a.txt", 1);
        host.init(ENTER);
        String before = host.git().run("for-each-ref");
        host.file("b.txt", 1);
        host.init(ENTER);
        assertThat(host.git().run("for-each-ref")).isEqualTo(before);
        assertThat(host.confirmed).hasSize(2);
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        Mono<Void> init = host.initializer().initRepo(state());
        assertThat(host.shadowRoot).doesNotExist();
        init.block(StorageFixture.LONG);
        assertThat(host.shadow()).exists();
    }

    @Test
    void d28_anotherHostIsAStrongErrorForInitAndForGetRepo() {
        host.config = StorageConfig.builder(host.shadowRoot).host("elsewhere").build();
        assertThatThrownBy(() -> host.init(ENTER))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("localhost")
                .hasMessageContaining("elsewhere");
        host.answer = answer("localhost:/data/p", "localhost:" + host.shadow());
        assertThatThrownBy(() -> getRepo(state())).isInstanceOf(StrongError.class);
        assertThat(host.shadowRoot).doesNotExist();
    }

    @Test
    void aStoredErrorEndsInitAtOnce() {
        RepoState failed = host.state(ENTER, "", "", "", "it broke");
        assertThatThrownBy(() -> host.initializer().initRepo(failed).block(StorageFixture.LONG))
                .isInstanceOf(StoredError.class)
                .hasMessage("it broke");
    }

    @Test
    void aMissingDirectoryIsAStrongErrorThatSaysWhatToDoAndMendsItself() throws IOException {
        Files.delete(host.data);
        assertThatThrownBy(() -> host.init(ENTER))
                .isInstanceOf(StrongError.class)
                .hasMessageStartingWith("no such directory; create or mount it, then clear the error: ");
        assertThat(host.shadowRoot).doesNotExist();
        Files.createDirectory(host.data);
        host.init(ENTER);
        host.git().requireClean();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsAStrongError() throws IOException {
        Files.delete(host.data);
        Files.createFile(host.data);
        assertThatThrownBy(() -> host.init(ENTER))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("not a directory");
    }

    @Test
    void dataAndShadowsMustNotContainEachOther() throws IOException {
        host.config = StorageConfig.builder(host.data.resolve("inside/shadow"))
                .host("localhost")
                .build();
        assertThatThrownBy(() -> host.init(ENTER))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("must not contain each other");
        // A link does not hide it.
        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, host.data);
        host.config = StorageConfig.builder(link).host("localhost").build();
        assertThatThrownBy(() -> host.init(ENTER)).isInstanceOf(StrongError.class);
        // A similar name is no containment (D29).
        host.config = StorageConfig.builder(host.data.resolveSibling("p-shadow"))
                .host("localhost")
                .build();
        host.init(ENTER);
    }

    @Test
    void theTrimmedRootIsLeftOutOfTheShadowsPathByWholeComponents() throws IOException {
        host.config = StorageConfig.builder(host.shadowRoot)
                .host("localhost")
                .trimHostRoot(host.data.resolveSibling(""))
                .build();
        host.init(ENTER);
        assertThat(host.confirmed).containsExactly(host.shadowRoot + "/p/" + StorageFixture.REPO + ".fso");
        ShadowLocation location = new ShadowLocation(StorageConfig.builder(Path.of("/s"))
                .host("h")
                .trimHostRoot(Path.of("/data"))
                .build());
        assertThat(location.target(StorageFixture.REPO, Path.of("/database/x")))
                .hasToString("/s/database/x/" + StorageFixture.REPO + ".fso");
    }

    @Test
    void aShadowOfAnotherRepoAtTheSamePlaceIsRefused() throws IOException {
        host.init(ENTER);
        Files.writeString(host.shadow().resolve(".git/fso/uuid"), "99999999-2222-4333-8444-555555555555\n");
        assertThatThrownBy(() -> host.init(ENTER))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("belongs to repo 99999999");
    }

    @Test
    void aHalfShadowIsBuiltAgain() throws IOException {
        Files.createDirectories(host.shadow().resolve(".git/objects"));
        host.file("a.txt", 1);
        host.init(ENTER);
        host.git().requireClean();
        assertThat(host.leftovers()).isEmpty();
    }

    @Test
    void aShadowWithoutItsFirstStatCommitGetsIt() throws IOException {
        host.file("a.txt", 1);
        host.init(ENTER);
        host.git().run("update-ref", "refs/heads/master-stat", "master-stub");
        host.init(ENTER);
        assertThat(host.git().run("log", "--format=%s", "master-stat")).startsWith("stat ");
        assertThat(host.git().run("rev-list", "--all", "--max-parents=0")).hasLineCount(1);
    }

    @Test
    void getRepoAnswersFromACompleteHistoryWithoutAsking() {
        RepoState complete = host.state(ENTER, "", "", host.shadow().toString(), "");
        RepoInfo info = getRepo(complete);
        assertThat(info.shadowPath()).isEqualTo(host.shadow().toString());
        assertThat(info.gitlab()).isEqualTo("git.example.org:ns/x");
        assertThat(info.vid()).isEqualTo(complete.tail());
    }

    private RepoInfo getRepo(RepoState state) {
        return Objects.requireNonNull(host.initializer().getRepo(state).block(StorageFixture.LONG));
    }

    private GetRepoO answer(String file, String shadow) {
        return GetRepoO.newBuilder()
                .setVid(ByteString.copyFrom(state().tail().toBytes()))
                .setRegistry("reg")
                .setGlobalPath("/g/p")
                .setFile(file)
                .setShadow(shadow)
                .build();
    }

    @Test
    void getRepoAsksTheRegistryWhereTheHistoryIsIncomplete() {
        host.answer = answer("localhost:/data/p", "localhost:" + host.shadow());
        RepoInfo info = getRepo(state());
        assertThat(info.hostPath()).isEqualTo("/data/p");
        assertThat(info.shadowPath()).isEqualTo(host.shadow().toString());
    }

    @Test
    void getRepoIsAStrongErrorWithoutShadowOrWithOneElsewhere() {
        host.answer = answer("localhost:/data/p", "");
        assertThatThrownBy(() -> getRepo(state()))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("no shadow");
        host.answer = answer("localhost:/data/p", "localhost:" + host.shadowRoot + "/../x/y.fso");
        assertThatThrownBy(() -> getRepo(state()))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("outside the shadow roots");
        host.answer = answer("data/p", "localhost:/x");
        assertThatThrownBy(() -> getRepo(state()))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("host:/path");
    }

    @Test
    void gitlabIsAStrongErrorForNow() {
        assertThatThrownBy(() -> host.initializer().enableGitlab(state()).block(StorageFixture.LONG))
                .isInstanceOf(StrongError.class)
                .hasMessageStartingWith("GitLab is disabled");
    }

    @Test
    void d39_cancellingEndsTheWalkSoonAndLeavesNothing() throws Exception {
        for (int i = 0; i < 5000; i++) {
            Files.createFile(host.data.resolve("f" + i));
        }
        AtomicLong seen = new AtomicLong();
        CountDownLatch walking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        host.progress = (repo, entries, bytes) -> {
            seen.set(entries);
            walking.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        Disposable subscription = host.initializer().initRepo(state()).subscribe();
        walking.await();
        subscription.dispose();
        // The lock is kept until the walk has noticed.
        var next = host.table
                .withLock(StorageFixture.REPO, () -> Mono.just("free"))
                .toFuture();
        assertThat(next).isNotDone();
        goOn.countDown();
        assertThat(next.get(60, TimeUnit.SECONDS)).isEqualTo("free");
        assertThat(seen.get()).isEqualTo(1000);
        assertThat(host.leftovers()).isEmpty();
        assertThat(host.confirmed).isEmpty();
    }
}
