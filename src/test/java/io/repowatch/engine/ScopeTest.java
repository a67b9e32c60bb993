package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class ScopeTest {
    private static final TestKey PARENT = TestKey.general("parent");
    private static final TestKey CHILD = TestKey.repo("child");

    private final EngineFixture fixture = new EngineFixture();
    private final ScriptedSource source = fixture.source;
    private final Probe parent = new Probe();
    private final List<String> order = new ArrayList<>();
    private final Map<String, Sinks.Empty<Void>> gates = new HashMap<>();

    private Disposable parentRun;

    @BeforeEach
    void startParent() {
        parentRun = fixture.run(PARENT, parent);
        fixture.serve();
    }

    /** A link that quits when its gate is opened. */
    private ActivityFactory<String> link(String name) {
        Sinks.Empty<Void> gate = gate(name);
        Probe probe = new Probe(order).named(name);
        probe.onQuiesced = () -> Step.await("gate", gate.asMono().then(Step.quit()));
        return probe;
    }

    private Sinks.Empty<Void> gate(String name) {
        return gates.computeIfAbsent(name, n -> Sinks.empty());
    }

    private void start(String name) {
        parent.scope().startInTurn(CHILD, name, link(name));
    }

    private void open(String name) {
        gate(name).emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    @Test
    void aLinkStartsOnlyWhenTheOneBeforeHasQuit() {
        start("one");
        start("two");
        start("three");
        assertThat(order).containsExactly("one create", "one quiesced");
        open("one");
        assertThat(order).endsWith("two create", "two quiesced");
        open("two");
        assertThat(order).endsWith("three create", "three quiesced");
        assertThat(parent.scope().idle(CHILD)).isFalse();
        open("three");
        assertThat(parent.scope().idle(CHILD)).isTrue();
    }

    @Test
    void chainsOfDifferentKeysDoNotWaitForEachOther() {
        start("one");
        parent.scope().startInTurn(TestKey.repo("other"), "one", link("other"));
        assertThat(order).contains("other quiesced");
    }

    @Test
    void anEqualTagIsStartedOnceWhileItRunsOrIsQueued() {
        start("one");
        start("one");
        start("two");
        start("two");
        open("one");
        open("two");
        assertThat(order).containsExactly("one create", "one quiesced", "two create", "two quiesced");
        gates.remove("one");
        start("one");
        assertThat(order).endsWith("one create", "one quiesced");
    }

    @Test
    void aQueuedLinkMayBeDropped() {
        start("one");
        start("two");
        start("three");
        assertThat(parent.scope().dropQueued(CHILD, "two")).isTrue();
        assertThat(parent.scope().dropQueued(CHILD, "two")).isFalse();
        assertThat(parent.scope().dropQueued(CHILD, "one")).as("it runs").isFalse();
        open("one");
        assertThat(order).containsExactly("one create", "one quiesced", "three create", "three quiesced");
    }

    @Test
    void childrenAreWokenLikeAnyActivity() {
        Probe child = new Probe();
        parent.scope().startInTurn(CHILD, "follow", child);
        source.append(CHILD, "1");
        assertThat(child.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void childrenAreStoppedWithTheirParent() {
        start("one");
        start("two");
        parentRun.dispose();
        source.append(CHILD, "1");
        assertThat(order).containsExactly("one create", "one quiesced");
        assertThat(gate("one").currentSubscriberCount()).isZero();
        start("three");
        assertThat(order).as("a stopped scope starts nothing").hasSize(2);
    }

    @Test
    void childrenOutliveAParentThatQuits() {
        start("one");
        start("two");
        parent.onLive = event -> Step.quit();
        source.append(PARENT, "quit");
        assertThat(fixture.ends).containsExactly("parent quit");
        open("one");
        assertThat(order).endsWith("two create", "two quiesced");
    }

    @Test
    void aNewInstanceOfTheParentKeepsTheChildren() {
        start("one");
        Scope before = parent.scope();
        source.append(PARENT, "1");
        source.script(
                PARENT,
                (after, honest) -> after.isEpoch() ? honest : Flux.error(new PositionUnknownException(PARENT, after)));
        source.append(PARENT, "2");
        fixture.pass(Duration.ofMinutes(1));
        assertThat(parent.log).filteredOn("create"::equals).hasSizeGreaterThan(1);
        assertThat(parent.scope()).isSameAs(before);
        start("one");
        assertThat(order).containsExactly("one create", "one quiesced");
    }

    @Test
    void grandchildrenOfAQuitChildAreStoppedWithTheGrandparent() {
        Probe child = new Probe();
        Probe grandchild = new Probe();
        TestKey grandchildKey = TestKey.general("grandchild");
        child.onLive = event -> Step.quit();
        parent.scope().startInTurn(CHILD, "child", child);
        child.scope().startInTurn(grandchildKey, "grandchild", grandchild);
        source.append(CHILD, "quit");
        source.append(grandchildKey, "1");
        assertThat(grandchild.log).endsWith("live 1", "caughtUp");
        parentRun.dispose();
        source.append(grandchildKey, "2");
        assertThat(grandchild.log).doesNotContain("live 2");
    }

    @Test
    void twoScopesMayFollowOneStream() {
        Probe other = new Probe();
        fixture.run(TestKey.general("other parent"), other);
        Probe first = new Probe();
        Probe second = new Probe();
        parent.scope().startInTurn(CHILD, "x", first);
        other.scope().startInTurn(CHILD, "x", second);
        source.append(CHILD, "1");
        assertThat(first.log).endsWith("live 1", "caughtUp");
        assertThat(second.log).endsWith("live 1", "caughtUp");
    }

    @Test
    void manyChainsComeAndGoAndLeaveNothingBehind() {
        int count = 2000;
        for (int i = 0; i < count; i++) {
            Probe each = new Probe();
            each.onLive = event -> Step.quit();
            parent.scope().startInTurn(TestKey.repo("r" + i), "a", each);
            Probe next = new Probe();
            next.onLive = event -> Step.quit();
            parent.scope().startInTurn(TestKey.repo("r" + i), "b", next);
        }
        for (int i = 0; i < count; i++) {
            source.append(TestKey.repo("r" + i), "1");
            assertThat(parent.scope().idle(TestKey.repo("r" + i))).as("r%d", i).isFalse();
            source.append(TestKey.repo("r" + i), "2");
            assertThat(parent.scope().idle(TestKey.repo("r" + i))).as("r%d", i).isTrue();
        }
    }
}
