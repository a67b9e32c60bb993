package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.observer.RegistryRules.Append;
import io.repowatch.observer.RegistryRules.Standing;
import io.repowatch.testkit.Change;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegistryRulesTest {
    private static final UUID W = new UUID(9, 1);

    private final RegistryRules rules = new RegistryRules(new Prefixes(List.of("/own")));
    private final ScriptedRepo a = new ScriptedRepo(new UUID(1, 1), "reg", "/own/a", "host1");
    private final ScriptedRepo f = new ScriptedRepo(new UUID(1, 2), "reg", "/foreign/f", "host1");

    @SafeVarargs
    private Map<UUID, Standing> folded(Change<RegistryEvent>... history) {
        Map<UUID, Standing> repos = RegistryRules.initial();
        for (Change<RegistryEvent> change : history) {
            rules.fold(repos, change.body());
        }
        return repos;
    }

    @Test
    void onlyOwnReposStand() {
        assertThat(folded(a.added(), f.added())).isEqualTo(Map.of(a.id(), Standing.OWN));
    }

    @Test
    void anAcceptedMoveToUsIsAnAcquireWithAndWithoutAFollow() {
        assertThat(folded(a.added(), a.moveAccepted(W, "/own/b"))).isEqualTo(Map.of(a.id(), new Standing(true, W)));
        assertThat(folded(f.added(), f.moveAccepted(W, "/own/f"))).isEqualTo(Map.of(f.id(), new Standing(false, W)));
    }

    @Test
    void anAcceptedMoveAwayLeavesTheRepoToItsActivity() {
        assertThat(folded(a.added(), a.moveAccepted(W, "/foreign/a"))).isEqualTo(Map.of(a.id(), Standing.OWN));
    }

    @Test
    void aMoveThatIsDoneDecidesWhereTheRepoStands() {
        assertThat(folded(a.added(), a.moveAccepted(W, "/foreign/a"), a.registryMoved(W, "/foreign/a")))
                .isEmpty();
        assertThat(folded(f.added(), f.moveAccepted(W, "/own/f"), f.registryMoved(W, "/own/f")))
                .isEqualTo(Map.of(f.id(), Standing.OWN));
    }

    @Test
    void liveEventsAppendLinks() {
        assertThat(rules.onLive(a.added().body())).isEqualTo(new Append(a.id(), Link.FOLLOW));
        assertThat(rules.onLive(f.added().body())).isNull();
        assertThat(rules.onLive(f.moveAccepted(W, "/own/f").body())).isEqualTo(new Append(f.id(), new Link.Acquire(W)));
        assertThat(rules.onLive(a.moveAccepted(W, "/foreign/a").body())).isNull();
        assertThat(rules.onLive(f.registryMoved(W, "/own/f").body())).isEqualTo(new Append(f.id(), Link.FOLLOW));
        assertThat(rules.onLive(a.registryMoved(W, "/foreign/a").body())).isNull();
        assertThat(rules.onLive(a.reinitAccepted().body())).isNull();
        assertThat(rules.onLive(RegistryEvent.newBuilder().setEventValue(9999).build()))
                .isNull();
    }
}
