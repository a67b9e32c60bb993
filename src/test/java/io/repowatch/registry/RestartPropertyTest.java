package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Vid;
import io.repowatch.journal.Journal;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginMoveRepoO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoI;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.ConfigField;
import io.repowatch.wire.nogfso.ConfigMap;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.DisableGitlabRootI;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsI;
import io.repowatch.wire.nogfso.EnableGitlabRepoI;
import io.repowatch.wire.nogfso.EnableGitlabRootI;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy.SubdirTrackingGlob;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.GetRegistriesI;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.PatchRepoNamingI;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.ReinitRepoI;
import io.repowatch.wire.nogfso.RemoveRootI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.StringList;
import io.repowatch.wire.nogfso.SubdirTracking;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyI;
import io.repowatch.wire.nogfso.UpdateRepoNamingI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Random requests: a server that is started anew at any point answers like one that never stopped. */
class RestartPropertyTest {
    private static final int STEPS = 150;
    private static final int WORKFLOWS = 12;
    private static final List<String> REGISTRIES = List.of("ra", "rb");

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRestartChangesNoAnswer(long seed) {
        Run steady = new Run(seed, step -> false);
        Random restarts = new Random(seed * 31);
        Run restarted = new Run(seed, step -> restarts.nextInt(4) == 0);
        for (int step = 0; step < STEPS; step++) {
            assertThat(restarted.step(step)).as("seed %s step %s", seed, step).isEqualTo(steady.step(step));
        }
        assertThat(restarted.everything()).as("seed %s", seed).isEqualTo(steady.everything());
        steady.checkStatesAreWhatReplayGives();
    }

    private record Move(ByteString repo, UUID workflow) {}

    /** One server's life: the same seed makes the same requests. */
    private static final class Run {
        private final long seed;
        private final Random random;
        private final IntPredicate restart;
        private final Canonical canonical = new Canonical();
        private final Journal journal = new MemoryJournal();
        private final List<ByteString> repos = new ArrayList<>();
        private final List<Move> begun = new ArrayList<>();
        private final List<ByteString> vids = new ArrayList<>(List.of(ByteString.EMPTY));
        private Fixture server = new Fixture(journal);

        Run(long seed, IntPredicate restart) {
            this.seed = seed;
            this.random = new Random(seed);
            this.restart = restart;
            if (seed % 2 == 0) {
                prepare();
            }
        }

        /** Random requests alone take long to arrive at a repo that can move. */
        private void prepare() {
            server.initRegistry(REGISTRIES.get(0));
            server.initRoot(REGISTRIES.get(0), "/a");
            server.initRoot(REGISTRIES.get(0), "/d");
            for (String path : List.of("/a/x", "/a/y", "/d/z")) {
                InitRepoO repo = Fixture.done(server.registry.initRepo(
                        Fixture.CALLER,
                        Fixture.repo(path).setRegistry(REGISTRIES.get(0)).build()));
                remember(repo);
                new Moves(server).confirm(repo.getRepo(), "/s" + path);
            }
        }

        String step(int step) {
            if (restart.test(step)) {
                server.registry.close();
                server = new Fixture(journal);
            }
            Mono<? extends Message> request = request();
            try {
                Message reply = Fixture.done(request);
                remember(reply);
                return canonical.of(reply);
            } catch (CommandRejectedException e) {
                return e.code() + " " + canonical.of(String.valueOf(e.getMessage()));
            }
        }

        private void remember(Message reply) {
            if (reply instanceof InitRepoO init) {
                repos.add(init.getRepo());
            }
            reply.getAllFields().forEach((field, value) -> {
                if (field.getName().endsWith("vid")) {
                    vids.add((ByteString) value);
                }
            });
        }

        private String registry() {
            return REGISTRIES.get(random.nextInt(10) == 0 ? 1 : 0);
        }

        private String root() {
            return List.of("/a", "/a/b", "/c/", "/").get(random.nextInt(4));
        }

        private String path() {
            return List.of("/a", "/a/b", "/c", "/d").get(random.nextInt(4)) + "/"
                    + List.of("x", "y", "z", "x/y").get(random.nextInt(4));
        }

        private ByteString repo() {
            int pick = random.nextInt(repos.size() + 1);
            return pick == repos.size() ? Fixture.bytes(new UUID(seed, 1)) : repos.get(pick);
        }

        /** Mostly none, sometimes the newest, sometimes any. */
        private ByteString vid() {
            int dice = random.nextInt(10);
            int any = random.nextInt(vids.size());
            return dice < 7 ? ByteString.EMPTY : vids.get(dice == 7 ? any : vids.size() - 1);
        }

        private Mono<? extends Message> request() {
            int dice = random.nextInt(100);
            if (dice < 8) {
                return server.registry.initRegistry(
                        Fixture.CALLER,
                        InitRegistryI.newBuilder()
                                .setRegistry(registry())
                                .setMainVid(vid())
                                .build());
            }
            if (seed % 2 == 0 && dice < 40) {
                return moveRequest(dice % 16);
            }
            if (seed % 2 == 0 && dice >= 75) {
                return freezeRequest(dice % 8);
            }
            if (dice < 45) {
                return rootRequest(dice % 9);
            }
            if (dice < 60) {
                return initRepo();
            }
            return dice < 80 ? repoRequest(dice % 8) : moveRequest(dice % 10);
        }

        private UUID workflow() {
            return new UUID(seed, 100 + random.nextInt(WORKFLOWS));
        }

        /** Shadows and releases come often enough that some moves get to their end. */
        private Mono<? extends Message> moveRequest(int kind) {
            boolean next = kind > 2 && !begun.isEmpty() && random.nextInt(4) > 0;
            Move move = next
                    ? begun.get(begun.size() - 1 - random.nextInt(Math.min(2, begun.size())))
                    : new Move(repo(), workflow());
            ByteString repo = move.repo();
            UUID workflow = move.workflow();
            Moves moves = new Moves(server).in(REGISTRIES.get(0));
            Mono<Vid> answer = switch (kind) {
                case 0, 1, 2 ->
                    moves.begin(Moves.move(repo, workflow, path())
                                    .setRegistry(registry())
                                    .setVid(vid()))
                            .doOnNext(vid -> begun.add(move));
                case 3, 10 -> moves.accept(repo, workflow);
                case 4, 11 -> moves.release(repo, workflow);
                case 5, 12 -> moves.commit(repo, workflow, "/t/" + random.nextInt(2));
                case 6 ->
                    moves.beginShadow(repo, workflow, "/t/" + random.nextInt(2)).doOnNext(vid -> begun.add(move));
                case 7, 13 -> moves.disable(repo, workflow);
                case 8, 14 -> moves.commitShadow(repo, workflow);
                default -> moves.abort(workflow, "r");
            };
            return answer.map(vid ->
                    BeginMoveRepoO.newBuilder().setVid(Fixture.bytes(vid)).build());
        }

        /** The ids of workflows are those of the moves too. */
        private Mono<? extends Message> freezeRequest(int kind) {
            ByteString workflow = Fixture.bytes(workflow());
            Registry registry = server.registry;
            return switch (kind) {
                case 0, 1, 2 ->
                    registry.beginFreezeRepo(
                            Fixture.CALLER,
                            BeginFreezeRepoI.newBuilder()
                                    .setRegistry(REGISTRIES.get(0))
                                    .setRegistryVid(vid())
                                    .setRepo(repo())
                                    .setWorkflow(workflow)
                                    .setAuthorName("A")
                                    .setAuthorEmail("a@example.org")
                                    .build());
                case 3 ->
                    registry.beginUnfreezeRepo(
                            Fixture.CALLER,
                            BeginUnfreezeRepoI.newBuilder()
                                    .setRegistry(REGISTRIES.get(0))
                                    .setRepo(repo())
                                    .setWorkflow(workflow)
                                    .setAuthorName("A")
                                    .setAuthorEmail("a@example.org")
                                    .build());
                case 4, 5 ->
                    registry.commitFreezeRepoFiles(
                            Fixture.CALLER,
                            CommitFreezeRepoFilesI.newBuilder()
                                    .setWorkflow(workflow)
                                    .setWorkflowVid(vid())
                                    .build());
                case 6 ->
                    registry.commitUnfreezeRepoFiles(
                            Fixture.CALLER,
                            CommitUnfreezeRepoFilesI.newBuilder()
                                    .setWorkflow(workflow)
                                    .build());
                default ->
                    registry.abortFreezeRepoFiles(
                            Fixture.CALLER,
                            AbortFreezeRepoFilesI.newBuilder()
                                    .setWorkflow(workflow)
                                    .setStatusCode(105)
                                    .setStatusMessage("m")
                                    .build());
            };
        }

        private Mono<? extends Message> initRepo() {
            ByteString chosen =
                    random.nextBoolean() ? ByteString.EMPTY : Fixture.bytes(new UUID(seed, random.nextInt(6)));
            return server.registry.initRepo(
                    Fixture.CALLER,
                    Fixture.repo(path())
                            .setRegistry(registry())
                            .setVid(vid())
                            .setRepoId(chosen)
                            .build());
        }

        private Mono<? extends Message> rootRequest(int kind) {
            String registry = registry();
            String root = root();
            ByteString vid = vid();
            return switch (kind) {
                case 0, 1, 2 ->
                    server.registry.initRoot(
                            Fixture.CALLER,
                            Fixture.root(registry, root)
                                    .setVid(vid)
                                    .setGitlabNamespace(random.nextBoolean() ? "h/g" : "")
                                    .build());
                case 3 ->
                    server.registry.removeRoot(
                            Fixture.CALLER,
                            RemoveRootI.newBuilder()
                                    .setRegistry(registry)
                                    .setGlobalRoot(root)
                                    .setVid(vid)
                                    .build());
                case 4 ->
                    server.registry.enableGitlabRoot(
                            Fixture.CALLER,
                            EnableGitlabRootI.newBuilder()
                                    .setRegistry(registry)
                                    .setGlobalRoot(root)
                                    .setGitlabNamespace("h/g2")
                                    .setVid(vid)
                                    .build());
                case 5 ->
                    server.registry.disableGitlabRoot(
                            Fixture.CALLER,
                            DisableGitlabRootI.newBuilder()
                                    .setRegistry(registry)
                                    .setGlobalRoot(root)
                                    .setVid(vid)
                                    .build());
                case 6 ->
                    server.registry.updateRepoNaming(
                            Fixture.CALLER,
                            UpdateRepoNamingI.newBuilder()
                                    .setRegistry(registry)
                                    .setNaming(naming(root))
                                    .setVid(vid)
                                    .build());
                case 7 ->
                    server.registry.patchRepoNaming(
                            Fixture.CALLER,
                            PatchRepoNamingI.newBuilder()
                                    .setRegistry(registry)
                                    .setNamingPatch(naming(root))
                                    .setVid(vid)
                                    .build());
                default ->
                    server.registry.updateRepoInitPolicy(
                            Fixture.CALLER,
                            UpdateRepoInitPolicyI.newBuilder()
                                    .setRegistry(registry)
                                    .setPolicy(policy(root))
                                    .setVid(vid)
                                    .build());
            };
        }

        private FsoRepoNaming naming(String root) {
            return FsoRepoNaming.newBuilder()
                    .setGlobalRoot(root)
                    .setRule("Stdtools2017")
                    .setConfig(ConfigMap.newBuilder()
                            .addFields(ConfigField.newBuilder()
                                    .setKey("ignore")
                                    .setTextList(StringList.newBuilder().addVals("i" + random.nextInt(2)))))
                    .build();
        }

        private FsoRepoInitPolicy policy(String root) {
            return FsoRepoInitPolicy.newBuilder()
                    .setGlobalRoot(root)
                    .setPolicy(FsoRepoInitPolicy.InitPolicy.IPOL_SUBDIR_TRACKING_GLOBLIST)
                    .addSubdirTrackingGloblist(SubdirTrackingGlob.newBuilder()
                            .setPattern(random.nextBoolean() ? "x*" : "*/*")
                            .setSubdirTracking(SubdirTracking.ST_BUNDLE_SUBDIRS))
                    .build();
        }

        private Mono<? extends Message> repoRequest(int kind) {
            ByteString repo = repo();
            ByteString vid = vid();
            String text = "e" + random.nextInt(2);
            return switch (kind) {
                case 0 ->
                    server.registry.confirmShadow(
                            Fixture.CALLER,
                            ConfirmShadowI.newBuilder()
                                    .setRepo(repo)
                                    .setShadowPath("/s/" + text)
                                    .setVid(vid)
                                    .build());
                case 1 ->
                    server.registry.confirmGit(
                            Fixture.CALLER,
                            ConfirmGitI.newBuilder()
                                    .setRepo(repo)
                                    .setGitlabProjectId(1 + random.nextInt(2))
                                    .setVid(vid)
                                    .build());
                case 2 ->
                    server.registry.setRepoError(
                            Fixture.CALLER,
                            SetRepoErrorI.newBuilder()
                                    .setRepo(repo)
                                    .setErrorMessage(text)
                                    .setVid(vid)
                                    .build());
                case 3 ->
                    server.registry.clearRepoError(
                            Fixture.CALLER,
                            ClearRepoErrorI.newBuilder()
                                    .setRepo(repo)
                                    .setErrorMessage(text)
                                    .setVid(vid)
                                    .build());
                case 4 ->
                    server.registry.reinitRepo(
                            Fixture.CALLER,
                            ReinitRepoI.newBuilder()
                                    .setRegistry(registry())
                                    .setRepo(repo)
                                    .setReason(text)
                                    .setVid(vid)
                                    .build());
                case 5 ->
                    server.registry.enableGitlabRepo(
                            Fixture.CALLER,
                            EnableGitlabRepoI.newBuilder()
                                    .setRegistry(registry())
                                    .setRepo(repo)
                                    .setGitlabNamespace("h/" + text)
                                    .setVid(vid)
                                    .build());
                case 6 ->
                    server.registry.enableEphemeralWorkflows(
                            Fixture.CALLER,
                            EnableEphemeralWorkflowsI.newBuilder()
                                    .setRegistry(registry())
                                    .setVid(vid)
                                    .build());
                default ->
                    server.registry.getRepo(
                            Fixture.CALLER, GetRepoI.newBuilder().setRepo(repo).build());
            };
        }

        /** All that clients can see, in one list. */
        List<String> everything() {
            List<String> all = new ArrayList<>();
            all.add(canonical.of(
                    Fixture.done(server.registry.getRegistries(Fixture.CALLER, GetRegistriesI.getDefaultInstance()))));
            for (String name : REGISTRIES) {
                if (server.registryEvents(name).isEmpty()) {
                    continue;
                }
                add(
                        all,
                        server.registry.info(
                                Fixture.CALLER,
                                InfoI.newBuilder().setRegistry(name).build()));
                add(
                        all,
                        server.registry.getRoots(
                                Fixture.CALLER,
                                GetRootsI.newBuilder().setRegistry(name).build()));
                add(
                        all,
                        server.registry.getRepos(
                                Fixture.CALLER,
                                GetReposI.newBuilder().setRegistry(name).build()));
                server.registry
                        .registryEvents(
                                Fixture.CALLER,
                                RegistryEventsI.newBuilder().setRegistry(name).build())
                        .toIterable()
                        .forEach(message -> all.add(canonical.of(message)));
            }
            for (ByteString repo : repos) {
                add(
                        all,
                        server.registry.getRepo(
                                Fixture.CALLER,
                                GetRepoI.newBuilder().setRepo(repo).build()));
                server.registry
                        .repoEvents(
                                Fixture.CALLER,
                                RepoEventsI.newBuilder().setRepo(repo).build())
                        .toIterable()
                        .forEach(message -> all.add(canonical.of(message)));
            }
            for (int i = 0; i < WORKFLOWS; i++) {
                new Moves(server).events(new UUID(seed, 100 + i)).forEach(event -> all.add(canonical.of(event)));
            }
            return all;
        }

        private void add(List<String> all, Mono<? extends Message> query) {
            all.add(canonical.of(Fixture.done(query)));
        }

        /** Evolving while deciding and evolving from the journal give the same state, each time. */
        void checkStatesAreWhatReplayGives() {
            Identities identities = new Identities(Fixture.CLOCK, new Random(seed), journal.newest());
            RegistryConfig config = RegistryConfig.builder(Schedulers.immediate(), new Random(seed))
                    .build();
            for (String name : REGISTRIES) {
                if (server.registryEvents(name).isEmpty()) {
                    continue;
                }
                CommandLoops loops = new CommandLoops(journal, config, identities);
                var registry = Fixture.done(loops.registry(name));
                for (int i = 0; i < 5; i++) {
                    String path = "/a/live" + i;
                    Fixture.refusal(new InitRepoCall(loops, Authorizer.ALLOW_ALL, identities)
                            .initRepo(
                                    Fixture.CALLER,
                                    Fixture.repo(path).setRegistry(name).build()));
                }
                var replayed = Replay.of(journal, AggregateRef.registry(name));
                assertThat(Fixture.done(registry.current()))
                        .as("seed %s", seed)
                        .isEqualTo(Fixture.done(replayed))
                        .isEqualTo(Fixture.done(replayed));
            }
        }
    }
}
