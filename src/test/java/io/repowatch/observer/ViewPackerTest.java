package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A packed view comes back as it was, whatever is in it, and takes little room where repos are alike. */
class ViewPackerTest {
    private static final List<String> TEXTS = List.of("", "a", "reg", "files.example.org", "Zoë Müller", "日本", "𝄞 x");

    private final ViewPacker packer = new ViewPacker();

    @Test
    void anyViewComesBackAsItWas() {
        for (long seed = 0; seed < 5_000; seed++) {
            RepoView view = view(new SplittableRandom(seed));
            assertThat(packer.unpack(view.repo().id(), view.repo().tail(), packer.pack(view)))
                    .as("seed %d", seed)
                    .isEqualTo(view);
        }
    }

    private static RepoView view(SplittableRandom random) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        String global = path(random, id);
        String host = random.nextBoolean() ? "/srv" + global : path(random, id);
        RepoState state = new RepoState(
                id,
                new Vid(random.nextLong(), random.nextLong()),
                text(random),
                random.nextInt(5) == 0 ? null : GlobalPath.parse("/" + global),
                text(random),
                text(random),
                text(random),
                random.nextInt(5) == 0 ? "" : host,
                SubdirTracking.values()[random.nextInt(SubdirTracking.values().length)],
                random.nextBoolean(),
                random.nextBoolean() ? "/shadow" + host + "/" + id + ".fso" : path(random, id),
                text(random),
                path(random, id),
                random.nextBoolean() ? 0 : random.nextLong(),
                text(random),
                workflow(random),
                workflow(random),
                workflow(random),
                StorageTierCode.values()[random.nextInt(StorageTierCode.values().length)]);
        UUID acquire = workflow(random);
        return new RepoView(
                state,
                acquire == null ? Link.FOLLOW : new Link.Acquire(acquire),
                random.nextBoolean(),
                random.nextBoolean());
    }

    /** Some have the marks of the templates in them, or the id. */
    private static String path(SplittableRandom random, UUID id) {
        List<String> parts = List.of("a", "data", "\u0001", "x\u0002y", id.toString(), "..", "日本", "a");
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append('/').append(parts.get(random.nextInt(parts.size())));
        }
        return path.toString();
    }

    private static String text(SplittableRandom random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static @Nullable UUID workflow(SplittableRandom random) {
        return random.nextBoolean() ? null : new UUID(random.nextLong(), random.nextLong());
    }

    @Test
    void moreTextsThanAreSharedComeBackToo() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 12_000; i++) {
            RepoView view = view(random);
            RepoState old = view.repo();
            RepoState state = new RepoState(
                    old.id(),
                    old.tail(),
                    "registry" + i,
                    GlobalPath.parse("/root" + i + "/data/a"),
                    "name" + i,
                    "mail" + i,
                    old.fileHost(),
                    "/srv/data/a",
                    old.subdirTracking(),
                    old.wantsShadow(),
                    old.shadowPath(),
                    old.gitlabHost(),
                    old.gitlabPath(),
                    old.gitlabProjectId(),
                    old.error(),
                    old.moveWorkflow(),
                    old.lastMoveWorkflow(),
                    old.moveShadowWorkflow(),
                    old.tier());
            RepoView many = new RepoView(state, view.link(), view.enableOwed(), view.enabled());
            assertThat(packer.unpack(state.id(), state.tail(), packer.pack(many))).isEqualTo(many);
        }
    }

    @Test
    void whatIsAlikeInAllReposIsKeptOnce() {
        RepoState first = state(1);
        RepoState second = state(2);
        packer.pack(new RepoView(first, Link.FOLLOW, false, true));
        byte[] packed = packer.pack(new RepoView(second, Link.FOLLOW, false, true));
        int own = "project-000002".length();
        assertThat(packed.length).isLessThanOrEqualTo(own + 10);
    }

    private static RepoState state(int number) {
        return new RepoState(
                GeneratedRegistry.repo(number),
                new Vid(1, number),
                GeneratedRegistry.NAME,
                GlobalPath.parse(GeneratedRegistry.globalPath(number)),
                "A. User",
                "user@example.org",
                "files.example.org",
                GeneratedRegistry.hostPath(number),
                SubdirTracking.ST_UNSPECIFIED,
                true,
                GeneratedRegistry.shadowPath(number),
                "",
                "",
                0,
                "",
                null,
                null,
                null,
                StorageTierCode.ST_ONLINE);
    }
}
