package io.repowatch.storage;

import static io.repowatch.storage.ServicesFixture.bytes;
import static io.repowatch.storage.ServicesFixture.get;
import static io.repowatch.storage.ServicesFixture.message;
import static io.repowatch.storage.ServicesFixture.paths;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.AccessScope;
import io.repowatch.id.GlobalPath;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** StatStatus, Summary and ListStatTree, as a foreign program sees them. */
class ShadowReadsTest {
    private static final int LIMIT = 3;

    @TempDir
    Path directory;

    private StorageFixture host;
    private ServicesFixture services;

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(directory.toRealPath());
        services = new ServicesFixture(host, LIMIT);
    }

    @AfterEach
    void stop() throws Exception {
        services.close();
    }

    private void init(SubdirTracking tracking) {
        host.init(tracking);
        host.now = host.now.plus(Duration.ofDays(1));
        host.table.enable(host.info()).block(StorageFixture.LONG);
    }

    private void files(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Files.createFile(host.data.resolve("f" + i));
        }
    }

    private void shell(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .directory(host.data.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    // They close on a worker, a moment after the client has heard the end.
    private void requireAllClosed() {
        Awaitility.await()
                .atMost(StorageFixture.LONG)
                .until(() -> services.trees.size() + services.comparisons.size() == 0);
    }

    private static void requireStatus(Status.Code code, String text, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
            assertThat(e).hasMessageContaining(text);
        });
    }

    private static List<String> lines(List<DynamicMessage> pages) {
        List<String> lines = new ArrayList<>();
        for (DynamicMessage page : pages) {
            for (DynamicMessage path : paths(page)) {
                lines.add(Integer.toOctalString((int) get(path, "mode")) + " " + get(path, "path"));
            }
        }
        return lines;
    }

    private static DynamicMessage find(List<DynamicMessage> pages, String path) {
        return pages.stream()
                .flatMap(page -> paths(page).stream())
                .filter(info -> get(info, "path").equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + path));
    }

    @Test
    void aListingHasEveryKindOfEntryInGitsOrder() throws Exception {
        host.file("-dash", 1);
        host.file("a.txt", 3);
        host.file("sub/b.txt", 4);
        host.file("sub/-before", 4);
        host.file("only/dirs/deep/f", 1);
        host.file("sub.d", 1);
        Files.createSymbolicLink(host.data.resolve("link"), Path.of("sub/b.txt"));
        shell("git init -q repo && cd repo && echo hi > f && git add f"
                + " && git -c user.name=n -c user.email=n@n commit -q -m m");
        Files.createDirectory(host.data.resolve("empty"));
        host.touch(host.data.resolve("sub"));
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        List<DynamicMessage> pages = services.listing();
        assertThat(lines(pages))
                .containsExactly(
                        "100000 -dash",
                        "40000 .",
                        "100000 a.txt",
                        "120000 link",
                        "40000 only/dirs/deep",
                        "100000 only/dirs/deep/f",
                        "160000 repo",
                        "100000 sub.d",
                        "100000 sub/-before",
                        "40000 sub",
                        "100000 sub/b.txt");
        DynamicMessage file = find(pages, "sub/b.txt");
        assertThat(get(file, "size")).isEqualTo(4L);
        assertThat(get(file, "mtime")).isEqualTo(StorageFixture.MTIME);
        assertThat(get(find(pages, "sub"), "mtime")).isEqualTo(StorageFixture.MTIME);
        assertThat(get(find(pages, "link"), "symlink")).isEqualTo("sub/b.txt");
        DynamicMessage root = find(pages, ".");
        assertThat(get(root, "links")).isEqualTo(1L);
        assertThat((long) get(root, "dirs")).isGreaterThan(7);
        DynamicMessage repo = find(pages, "repo");
        assertThat((ByteString) get(repo, "gitlink")).hasSize(20);
        assertThat((long) get(repo, "files")).isGreaterThan(1);
        assertThat(services.asked).allMatch(line -> line.startsWith("me fso/read-repo "));
    }

    @Test
    void aBundleIsADirectoryWithItsSums() throws IOException {
        host.file("bundle/x/y", 5);
        host.file("top", 1);
        init(SubdirTracking.ST_BUNDLE_SUBDIRS);
        List<DynamicMessage> pages = services.listing();
        assertThat(lines(pages)).containsExactly("40000 .", "40000 bundle", "100000 top");
        DynamicMessage bundle = find(pages, "bundle");
        assertThat(List.of(get(bundle, "dirs"), get(bundle, "files"), get(bundle, "size")))
                .containsExactly(2L, 1L, 5L);
    }

    @Test
    void batchesHave64PathsAndTheLastOneMayBeEmpty() throws IOException {
        files(127);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        assertThat(services.listing().stream().map(page -> paths(page).size())).containsExactly(64, 64, 0);
        Files.createFile(host.data.resolve("one"));
        Files.setLastModifiedTime(host.data, FileTime.fromMillis(1_600_000_000_000L));
        assertThat(services.status().stream().map(page -> paths(page).size())).containsExactly(2);
        host.stat(false);
        assertThat(services.listing().stream().map(page -> paths(page).size())).containsExactly(64, 64, 1);
        assertThat(services.status().stream().map(page -> paths(page).size()))
                .as("one empty message says that nothing differs")
                .containsExactly(0);
    }

    @Test
    void d37_aSummaryCountsNoReservedNameOfAnyDirectoryAsAFile() throws IOException {
        host.file("a", 1);
        host.file("s/b", 1);
        host.file("s/t/c", 1);
        host.file("only/dirs/d", 1);
        Files.createSymbolicLink(host.data.resolve("s/link"), Path.of("b"));
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        DynamicMessage summary =
                services.call("GitNog", "Summary", message("SummaryI", "repo", bytes(StorageFixture.REPO)));
        assertThat(get(summary, "num_files")).isEqualTo(4L);
        assertThat(get(summary, "num_dirs")).isEqualTo(4L);
        assertThat(get(summary, "num_other")).isEqualTo(1L);
        DynamicMessage head = services.call("GitNog", "Head", message("HeadI", "repo", bytes(StorageFixture.REPO)));
        assertThat(get(summary, "commit_id")).isEqualTo(get(head, "commit_id"));
        requireAllClosed();
    }

    @Test
    void d37_reservedNamesThatAnotherProgramPutIntoADirectoryAreNeitherListedNorCounted() throws Exception {
        host.file("a", 1);
        host.file("s/b", 1);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        // Made by hand, because this program writes no such names.
        shell("export GIT_DIR=" + host.shadow() + "/.git GIT_INDEX_FILE=" + directory.resolve("index")
                + "; git read-tree master-stat; id=$(echo 'mtime: 1' | git hash-object -w --stdin)"
                + "; for f in s/.gitattributes s/.nogbundles s/.nog.d/f; do git update-index --add --cacheinfo 100644,$id,$f; done"
                + "; c=$(git -c user.name=n -c user.email=n@n commit-tree -p master-stat -m m $(git write-tree))"
                + "; git update-ref refs/heads/master-stat $c");
        assertThat(lines(services.listing())).containsExactly("40000 .", "100000 a", "40000 s", "100000 s/b");
        DynamicMessage summary =
                services.call("GitNog", "Summary", message("SummaryI", "repo", bytes(StorageFixture.REPO)));
        assertThat(List.of(get(summary, "num_files"), get(summary, "num_dirs"), get(summary, "num_other")))
                .containsExactly(2L, 1L, 0L);
    }

    @Test
    void d37_aSummaryCountsABundleAsADirectory() throws IOException {
        host.file("bundle/x/y", 5);
        host.file("top", 1);
        init(SubdirTracking.ST_BUNDLE_SUBDIRS);
        DynamicMessage summary =
                services.call("GitNog", "Summary", message("SummaryI", "repo", bytes(StorageFixture.REPO)));
        assertThat(get(summary, "num_files")).isEqualTo(1L);
        assertThat(get(summary, "num_dirs")).isEqualTo(1L);
        assertThat(get(summary, "num_other")).isEqualTo(0L);
    }

    @Test
    void aSummaryOfAShadowWithoutItsStatBranchSaysThatItIsBroken() throws Exception {
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        host.git().run("update-ref", "-d", "refs/heads/master-stat");
        requireStatus(
                Status.Code.FAILED_PRECONDITION,
                "has no refs/heads/master-stat",
                () -> services.call("GitNog", "Summary", message("SummaryI", "repo", bytes(StorageFixture.REPO))));
    }

    @Test
    void requestsThatCannotBeServedSayWhy() throws IOException {
        host.file("a", 1);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        ByteString repo = bytes(StorageFixture.REPO);
        ByteString unknown = bytes(new UUID(7, 7));
        Map<String, String> requests = Map.of(
                "Stat/StatStatus",
                "StatStatusI",
                "GitNog/Summary",
                "SummaryI",
                "GitNogTree/ListStatTree",
                "ListStatTreeI");
        requests.forEach((rpc, request) -> {
            String[] name = rpc.split("/");
            requireStatus(
                    Status.Code.INVALID_ARGUMENT,
                    "malformed repo id",
                    () -> services.read(name[0], name[1], message(request)));
            requireStatus(
                    Status.Code.NOT_FOUND,
                    "is not enabled",
                    () -> services.read(name[0], name[1], message(request, "repo", unknown)));
        });
        assertThat(services.asked).isEmpty();
        requireList("must have 20 bytes, but has 2", repo, ByteString.copyFromUtf8("xx"), "");
        requireList("must have 20 bytes, but has 0", repo, ByteString.EMPTY, "");
        requireList("prefix must be empty", repo, services.statCommit(), "sub");
        requireList("has no commit 0000", repo, ByteString.copyFrom(new byte[20]), "");
        requireList("has no commit", repo, id("master-stat^{tree}"), "");
        services.authorizer = (principal, action, scope) -> {
            throw new AccessDeniedException(principal, action, scope);
        };
        requests.forEach((rpc, request) -> {
            String[] name = rpc.split("/");
            requireStatus(
                    Status.Code.PERMISSION_DENIED,
                    name[0].equals("Stat") ? "fso/refresh-repo" : "fso/read-repo",
                    () -> services.read(name[0], name[1], message(request, "repo", repo)));
        });
    }

    private void requireList(String text, ByteString repo, ByteString commit, String prefix) {
        requireStatus(
                Status.Code.INVALID_ARGUMENT,
                text,
                () -> services.read(
                        "GitNogTree",
                        "ListStatTree",
                        message("ListStatTreeI", "repo", repo, "stat_git_commit", commit, "prefix", prefix)));
    }

    private ByteString id(String revision) {
        return ByteString.fromHex(host.git().run("rev-parse", revision).strip());
    }

    @Test
    void aCommitOfAnotherBranchIsRefusedByWhatItHolds() throws Exception {
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        shell("echo 'name: \"x\"' > x; git -C " + host.shadow() + " hash-object -w $PWD/x > id");
        String id = Files.readString(host.data.resolve("id")).strip();
        shell("printf '100644 blob " + id + "\\tx\\n' | git -C " + host.shadow() + " mktree > tree");
        String tree = Files.readString(host.data.resolve("tree")).strip();
        String commit = host.git().run("commit-tree", "-m", "m", tree).strip();
        requireList("no mtime", bytes(StorageFixture.REPO), ByteString.fromHex(commit), "");
        requireStatus(
                Status.Code.INVALID_ARGUMENT,
                "\"x\"",
                () -> services.read(
                        "GitNogTree",
                        "ListStatTree",
                        message(
                                "ListStatTreeI",
                                "repo",
                                bytes(StorageFixture.REPO),
                                "stat_git_commit",
                                ByteString.fromHex(commit))));
    }

    @Test
    void theStatusNamesEachPathThatDiffersOnceAndWritesNothing() throws Exception {
        for (String name : List.of("gone", "changed", "same", "becomes-dir", "becomes-link", "d/same", "d/gone")) {
            host.file(name, 1);
        }
        host.file("becomes-file/x", 1);
        host.file("gone-dir/sub/x", 1);
        host.file("emptied/x", 1);
        host.touch(host.data.resolve("d"));
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        assertThat(services.statusLines()).isEmpty();
        for (String name : List.of("gone", "becomes-dir", "becomes-link", "d/gone", "emptied/x")) {
            Files.delete(host.data.resolve(name));
        }
        shell("rm -r becomes-file gone-dir");
        host.file("changed", 2);
        host.file("becomes-dir/y", 1);
        Files.createSymbolicLink(host.data.resolve("becomes-link"), Path.of("same"));
        host.file("becomes-file", 1);
        host.file("new/z", 1);
        host.file(".gitignore", 1);
        host.touch(host.data.resolve("d"));
        Files.setLastModifiedTime(host.data, FileTime.fromMillis(1_600_000_000_000L));

        Map<String, String> before = shadowFiles();
        String head = host.git().run("rev-parse", "master-stat");
        assertThat(services.statusLines())
                .containsExactlyInAnyOrder(
                        "NEW becomes-dir/y",
                        "MODIFIED becomes-dir",
                        "MODIFIED becomes-link",
                        "MODIFIED becomes-file",
                        "DELETED becomes-file/x",
                        "MODIFIED changed",
                        "DELETED gone",
                        "DELETED gone-dir/sub",
                        "DELETED gone-dir/sub/x",
                        "DELETED d/gone",
                        "DELETED emptied",
                        "DELETED emptied/x",
                        "NEW new",
                        "NEW new/z",
                        "MODIFIED .");
        assertThat(host.git().run("rev-parse", "master-stat")).isEqualTo(head);
        assertThat(shadowFiles()).isEqualTo(before);
        host.stat(false);
        assertThat(services.statusLines()).isEmpty();
        assertThat(services.asked).contains("me fso/refresh-repo " + AccessScope.path(GlobalPath.parse("/g/p")));
    }

    private Map<String, String> shadowFiles() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (var all = Files.walk(host.shadow())) {
            for (Path path : all.toList()) {
                files.put(path.toString(), Files.getLastModifiedTime(path) + " " + Files.size(path));
            }
        }
        return files;
    }

    @Test
    void theRootDiffersWhenItsTimeDoesOrWhenOnlyItsSumsDo() throws IOException {
        host.file("a", 1);
        host.file("s/.git-hidden", 1);
        host.touch(host.data);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        host.file("a", 2);
        host.touch(host.data);
        assertThat(services.statusLines()).as("the sums follow the file").containsExactly("MODIFIED a");
        host.stat(false);
        host.file("s/.git-hidden", 7);
        assertThat(services.statusLines()).as("nothing else can tell").containsExactly("MODIFIED .");
        Files.setLastModifiedTime(host.data, FileTime.fromMillis(1_600_000_000_000L));
        assertThat(services.statusLines()).containsExactly("MODIFIED .");
    }

    @Test
    void d30_aMissingOrUnmountedDirectoryIsNotReportedAsDeleted() throws IOException {
        host.file("a", 1);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        Files.move(host.data, host.data.resolveSibling("away"));
        requireStatus(Status.Code.FAILED_PRECONDITION, "create or mount it", services::status);
        Files.createDirectory(host.data);
        requireStatus(Status.Code.FAILED_PRECONDITION, "not mounted?", services::status);
        requireAllClosed();
    }

    @Test
    void d38_slowReadersHoldNoLockAndNoWorkerAndGetEverythingInTheEnd() throws Exception {
        files(10_000);
        // Times are recorded in seconds: the root's must differ however quickly the rest goes.
        Files.setLastModifiedTime(host.data, FileTime.fromMillis(1_600_000_000_000L));
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        for (int i = 0; i < 10_000; i++) {
            Files.createFile(host.data.resolve("g" + i));
        }
        List<ServicesFixture.SlowClient> slow = new ArrayList<>();
        // More of them than there are workers.
        for (int i = 0; i < LIMIT; i++) {
            slow.add(services.open("GitNogTree", "ListStatTree", services.listRequest()));
            slow.add(services.open("Stat", "StatStatus", message("StatStatusI", "repo", bytes(StorageFixture.REPO))));
        }
        for (ServicesFixture.SlowClient client : slow) {
            assertThat(paths(client.take())).hasSize(64);
        }
        // All have begun and none goes on; the lock is free, and so are both workers.
        assertThat(host.table
                        .withRepo(
                                StorageFixture.REPO,
                                info -> new BlockingWork(host.blocking)
                                        .run(stopped -> host.statOperation().run(host.request(false), stopped)))
                        .block(StorageFixture.LONG))
                .isTrue();
        for (ServicesFixture.SlowClient client : slow) {
            assertThat(client.received).as("nobody asked for more").isEmpty();
        }
        for (int i = 0; i < slow.size(); i++) {
            int total = 64;
            List<DynamicMessage> page;
            do {
                page = paths(slow.get(i).take());
                total += page.size();
            } while (page.size() == 64);
            assertThat(total).isEqualTo(10_001);
            assertThat(slow.get(i).ended().isOk()).isTrue();
        }
        requireAllClosed();
    }

    @Test
    void aClientThatGoesAwayEndsTheWalkAndGivesItsPlaceBack() throws Exception {
        files(3000);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        List<Long> seen = new ArrayList<>();
        host.progress = (repo, entries, bytes) -> {
            seen.add(entries);
            reached.countDown();
            await(open);
        };
        var client = services.open("Stat", "StatStatus", message("StatStatusI", "repo", bytes(StorageFixture.REPO)));
        client.ask();
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        client.cancel();
        assertThat(client.ended().getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(services.comparisons.size()).as("its task still runs").isEqualTo(1);
        open.countDown();
        Awaitility.await().atMost(StorageFixture.LONG).until(() -> services.comparisons.size() == 0);
        assertThat(seen).as("it saw the end of its welcome").containsExactly(1000L);
        var reader = services.open("GitNogTree", "ListStatTree", services.listRequest());
        reader.take();
        assertThat(services.trees.size()).isEqualTo(1);
        reader.cancel();
        Awaitility.await().atMost(StorageFixture.LONG).until(() -> services.trees.size() == 0);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void onlySoManyAreOpenAtATimeAndTheOneThatIsNotReadGivesWay() throws Exception {
        files(1000);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        List<ServicesFixture.SlowClient> slow = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            slow.add(services.open("GitNogTree", "ListStatTree", services.listRequest()));
            slow.get(i).take();
        }
        requireStatus(Status.Code.RESOURCE_EXHAUSTED, "3 trees are open already", services::listing);
        services.now.set(services.now.get().plusSeconds(61));
        slow.get(0).take();
        assertThat(services.listing()).hasSize(16);
        assertThat(slow.get(1).closed.size() + slow.get(2).closed.size()).isEqualTo(1);
        var displaced = slow.get(1).closed.isEmpty() ? slow.get(2) : slow.get(1);
        assertThat(displaced.ended().toString()).contains("RESOURCE_EXHAUSTED").contains("nothing was read");
        slow.get(0).take();
        // A listing that its client has read to the end is closed just after that.
        Awaitility.await().untilAsserted(() -> assertThat(services.trees.size()).isEqualTo(2));
    }

    @Test
    void aRepoThatIsDisabledMeanwhileIsReadNoFurther() throws Exception {
        files(1000);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        var client = services.open("GitNogTree", "ListStatTree", services.listRequest());
        client.take();
        host.table.disable(StorageFixture.REPO).block(StorageFixture.LONG);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 16; i++) {
                        client.take();
                    }
                })
                .hasMessageContaining("NOT_FOUND");
        requireAllClosed();
    }

    @Test
    void theLockOfABusyRepoIsNotWaitedFor() throws IOException {
        host.file("a", 1);
        init(SubdirTracking.ST_ENTER_SUBDIRS);
        var held = host.table.withLock(StorageFixture.REPO, () -> Mono.never()).subscribe();
        assertThat(lines(services.listing())).containsExactly("40000 .", "100000 a");
        assertThat(services.statusLines()).isEmpty();
        held.dispose();
    }
}
