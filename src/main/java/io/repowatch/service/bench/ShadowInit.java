package io.repowatch.service.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoState;
import io.repowatch.storage.ProgressListener;
import io.repowatch.storage.RepoTable;
import io.repowatch.storage.ShadowInitializer;
import io.repowatch.storage.StorageConfig;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Row 11: shadow repos of data directories of three shapes, made as the product makes them, walk and syncs included, beside
 * {@code git fast-import} of the same trees, which git itself has taken down from a shadow beforehand.
 */
final class ShadowInit implements Row {
    static final String OURS = "repowatch";
    static final String GIT = "git fast-import";
    static final String ROOMY = "git fast-import, heap never given back";

    private static final String ONE = "one folder";
    private static final String NESTED = "1,000 folders in one repo";
    private static final String MANY = "1,000 repos";
    private static final String WALL = ", wall s";
    private static final String CPU = ", CPU s";
    private static final String FEWER = MANY + " on one thread" + WALL;
    private static final String GAIN = MANY + ", one thread / all threads";
    private static final int FILES = 100_000;
    private static final int FILES_OF_MANY = 100;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** As many initialisations wait for a thread as the observer reads repos at a time. */
    private static final int AT_A_TIME = 10;

    private final Workshop workshop;
    private final int files;
    private final Map<String, List<Path>> data = new LinkedHashMap<>();
    private final Map<Path, Path> streams = new LinkedHashMap<>();
    private final Map<Path, String> trees = new LinkedHashMap<>();
    private boolean git;
    private int attempts;

    ShadowInit(Workshop workshop) {
        this.workshop = workshop;
        this.files = Math.max(FILES_OF_MANY, workshop.repos(FILES) / FILES_OF_MANY * FILES_OF_MANY);
    }

    @Override
    public int number() {
        return 11;
    }

    @Override
    public String title() {
        return "Shadow init of " + files + " files: in one folder, and in " + files / FILES_OF_MANY + " folders of "
                + FILES_OF_MANY;
    }

    @Override
    public List<String> sides() {
        return List.of(OURS, GIT, ROOMY);
    }

    @Override
    public Optional<String> missing(String side) {
        return side.equals(OURS) || git ? Optional.empty() : Optional.of("git is not installed");
    }

    @Override
    public void prepare() throws Exception {
        git = FastImport.isInstalled();
        workshop.say("writing three times " + files + " files");
        // Two lines for each of thousands of repos.
        ((Logger) LoggerFactory.getLogger(ShadowInitializer.class)).setLevel(Level.WARN);
        data.put(ONE, List.of(fill(workshop.folder("data/one"), 0, files)));
        data.put(NESTED, List.of(workshop.folder("data/nested")));
        List<Path> many = new ArrayList<>();
        for (int i = 0; i < files / FILES_OF_MANY; i++) {
            fill(workshop.folder("data/nested/folder-" + i), i, FILES_OF_MANY);
            many.add(fill(workshop.folder("data/many/repo-" + i), i, FILES_OF_MANY));
        }
        data.put(MANY, many);
        if (git) {
            workshop.say("taking the trees down with git fast-export");
            export();
        }
    }

    /** Sizes differ, so that the texts of the shadow do; nothing is in the files. */
    private static Path fill(Path folder, int number, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            try (RandomAccessFile file = new RandomAccessFile(
                    folder.resolve("measurement-" + i + ".dat").toFile(), "rw")) {
                file.setLength((number * (long) FILES_OF_MANY + i) * 37);
            }
        }
        return folder;
    }

    private void export() throws Exception {
        FastImport plain = new FastImport(workshop.log(), Map.of());
        for (List<Path> repos : data.values()) {
            Path root = workshop.folder("exported");
            init(root, repos, THREADS);
            for (Path repo : repos) {
                Path shadow = shadow(root, repo);
                plain.check(shadow);
                Path stream = workshop.folder("streams").resolve("stream-" + streams.size());
                plain.export(shadow, stream);
                streams.put(repo, stream);
                trees.put(repo, plain.tree(shadow));
            }
            Workshop.delete(root);
        }
    }

    @Override
    public Sample measure(String side) throws Exception {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Map.Entry<String, List<Path>> shape : data.entrySet()) {
            double cpuBefore = cpu(side);
            double wall = side(side, shape.getValue(), THREADS);
            figures.put(shape.getKey() + WALL, wall);
            figures.put(shape.getKey() + CPU, cpu(side) - cpuBefore);
        }
        double alone = side(side, data.getOrDefault(MANY, List.of()), 1);
        figures.put(FEWER, alone);
        figures.put(GAIN, alone / figures.getOrDefault(MANY + WALL, Double.NaN));
        return new Sample(figures);
    }

    private static double cpu(String side) throws IOException {
        return side.equals(OURS) ? ProcessorTime.own() : ProcessorTime.ofChildren();
    }

    /** Returns the seconds. What was made is removed, which does not count. */
    private double side(String side, List<Path> repos, int threads) throws Exception {
        Path root = workshop.folder("made-" + attempts++);
        try {
            if (side.equals(OURS)) {
                return init(root, repos, threads);
            }
            // What malloc gives back to the system after each blob, it has to get anew for the next.
            Map<String, String> roomy = Map.of("MALLOC_TRIM_THRESHOLD_", "1073741824", "MALLOC_TOP_PAD_", "67108864");
            return load(new FastImport(workshop.log(), side.equals(ROOMY) ? roomy : Map.of()), root, repos, threads);
        } finally {
            Workshop.delete(root);
        }
    }

    private double init(Path root, List<Path> repos, int threads) {
        Scheduler storage = Schedulers.newBoundedElastic(threads, Integer.MAX_VALUE, "bench-storage");
        Scheduler timer = Schedulers.newSingle("bench-timer");
        try {
            ShadowInitializer initializer = new ShadowInitializer(
                    registry(),
                    StorageConfig.builder(root).host("localhost").build(),
                    new RepoTable(),
                    storage,
                    timer,
                    InstantSource.system(),
                    new Random(1),
                    ProgressListener.NONE);
            long before = System.nanoTime();
            Flux.fromIterable(repos)
                    .flatMap(repo -> initializer.initRepo(state(repo)), AT_A_TIME)
                    .then()
                    .toFuture()
                    .join();
            return (System.nanoTime() - before) / 1e9;
        } finally {
            storage.dispose();
            timer.dispose();
        }
    }

    private double load(FastImport git, Path root, List<Path> repos, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int i = 0; i < repos.size(); i++) {
                git.init(root.resolve("" + i));
            }
            List<Future<?>> running = new ArrayList<>();
            long before = System.nanoTime();
            for (int i = 0; i < repos.size(); i++) {
                Path stream = stream(repos.get(i));
                Path repository = root.resolve("" + i);
                running.add(pool.submit(() -> {
                    git.load(stream, repository);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            double seconds = (System.nanoTime() - before) / 1e9;
            requireSame(git, repos.get(0), root.resolve("0"));
            return seconds;
        } finally {
            pool.shutdownNow();
        }
    }

    private void requireSame(FastImport git, Path repo, Path repository) throws Exception {
        String made = git.tree(repository);
        if (!made.equals(trees.get(repo))) {
            throw new IOException("git has made another tree of " + repo + ": " + made);
        }
    }

    private Path stream(Path repo) {
        Path stream = streams.get(repo);
        if (stream == null) {
            throw new IllegalStateException("not prepared: " + repo);
        }
        return stream;
    }

    private static UUID id(Path repo) {
        return UUID.nameUUIDFromBytes(repo.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Path shadow(Path root, Path repo) {
        return root.resolve(Path.of("/").relativize(repo)).resolve(id(repo) + ".fso");
    }

    private static RepoState state(Path repo) {
        return new RepoState(
                id(repo),
                new Vid(1, 2),
                "bench",
                GlobalPath.parse("/bench/" + repo.getFileName()),
                "The Creator",
                "creator@example.org",
                "localhost",
                repo.toString(),
                SubdirTracking.ST_ENTER_SUBDIRS,
                true,
                "",
                "",
                "",
                0,
                "",
                null,
                null,
                null,
                StorageTierCode.ST_UNSPECIFIED);
    }

    /** One that takes whatever it is told. */
    private static RegistryCommands registry() {
        Class<RegistryCommands> type = RegistryCommands.class;
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (Object proxy, Method method, @Nullable Object[] arguments) -> Mono.just(Vid.EPOCH)));
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                Goal.atMost(0.5, ONE + WALL + " beside git fast-import", OURS, GIT, ONE + WALL),
                Goal.atMost(0.5, NESTED + WALL + " beside git fast-import", OURS, GIT, NESTED + WALL),
                Goal.atMost(0.5, MANY + WALL + " beside git fast-import", OURS, GIT, MANY + WALL),
                Goal.reported(ONE + WALL + " beside a roomy heap", OURS, ROOMY, ONE + WALL),
                Goal.reported(NESTED + WALL + " beside a roomy heap", OURS, ROOMY, NESTED + WALL),
                Goal.reported(MANY + WALL + " beside a roomy heap", OURS, ROOMY, MANY + WALL));
    }

    @Override
    public String bound() {
        return "of one folder's time a third is the directory and one look at each file, a fifth making ids, a sixth sorting and"
                + " writing the large tree; of many repos' time four fifths are syncs, 17 for each, so more threads than cores"
                + " help. fast-import gives its deflater's memory back after each blob and gets it anew from the kernel; the"
                + " side with the roomy heap shows it without that.";
    }
}
