package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

/** Chains of children whose parents quit or are stopped meanwhile: who stops them then, and what is left behind. */
class ChildrenTest {
    private static final TestKey PARENT = TestKey.general("parent");
    private static final TestKey CHILD = TestKey.repo("child");
    private static final TestKey GRANDCHILD = TestKey.repo("grandchild");

    private final List<String> order = new ArrayList<>();
    private final Map<String, Sinks.Empty<Void>> gates = new HashMap<>();
    private final AtomicReference<@Nullable Core> made = new AtomicReference<>();
    private Runnable whenChildQuits = () -> {};

    private final EngineFixture fixture = new EngineFixture(b -> b.listener(new EngineListener() {
                @Override
                public void quit(StreamKey<?> key) {
                    if (key.equals(CHILD)) {
                        whenChildQuits.run();
                    }
                }
            })
            .core(settings -> {
                Core core = new Core(settings);
                made.set(core);
                return core;
            }));
    private final Core core = Objects.requireNonNull(made.get());

    private final Children eldest = new Children(core, null);
    private final Children middle = new Children(core, eldest);
    private final Children youngest = new Children(core, middle);

    @BeforeEach
    void serve() {
        fixture.serve();
    }

    /** A link that quits when its gate is opened. */
    private ActivityFactory<String> link(String name) {
        Sinks.Empty<Void> gate = gates.computeIfAbsent(name, each -> Sinks.empty());
        Probe probe = new Probe(order).named(name);
        probe.onQuiesced = () -> Step.await("gate", gate.asMono().then(Step.quit()));
        return probe;
    }

    private void open(String name) {
        Objects.requireNonNull(gates.remove(name)).emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private int running() {
        return core.table.size();
    }

    @Test
    void tagsNameTheLinkThatRunsThenTheQueuedOnes() {
        Probe parent = new Probe();
        fixture.run(PARENT, parent);
        Scope scope = parent.scope();
        assertThat(scope.tags(CHILD)).isEmpty();
        assertThat(scope.idle(CHILD)).isTrue();
        for (String tag : List.of("one", "two", "three")) {
            scope.startInTurn(CHILD, tag, link(tag));
        }
        assertThat(scope.tags(CHILD)).containsExactly("one", "two", "three");
        assertThat(scope.tags(GRANDCHILD)).isEmpty();
        scope.dropQueued(CHILD, "two");
        assertThat(scope.tags(CHILD)).containsExactly("one", "three");
        open("one");
        assertThat(scope.tags(CHILD)).containsExactly("three");
    }

    @Test
    void orphansAreAdoptedUntilTheLastOfThemHasQuit() {
        youngest.startInTurn(CHILD, "one", link("one"));
        youngest.startInTurn(GRANDCHILD, "two", link("two"));
        assertThat(middle.isIdle()).isTrue();
        youngest.orphan();
        assertThat(middle.isIdle()).isFalse();
        open("one");
        assertThat(middle.isIdle()).as("two still runs").isFalse();
        open("two");
        assertThat(middle.isIdle()).as("nothing is left behind").isTrue();
        assertThat(running()).isZero();
    }

    @Test
    void anAdoptionOfOneLeavesThatOfTheOtherAlone() {
        Children other = new Children(core, middle);
        youngest.startInTurn(CHILD, "one", link("one"));
        other.startInTurn(CHILD, "two", link("two"));
        youngest.orphan();
        other.orphan();
        open("one");
        assertThat(middle.isIdle()).isFalse();
        middle.stop();
        assertThat(running()).isZero();
    }

    @Test
    void whoHasNoChildrenWhenItQuitsIsNotAdopted() {
        youngest.orphan();
        assertThat(middle.isIdle()).isTrue();
    }

    @Test
    void anOrphanThatStartsAgainIsAdoptedAgain() {
        youngest.orphan();
        youngest.startInTurn(CHILD, "one", link("one"));
        assertThat(middle.isIdle()).isFalse();
        middle.stop();
        assertThat(running()).isZero();
        assertThat(youngest.idle(CHILD)).isTrue();
    }

    @Test
    void childrenWhoseHeirIsStoppedWhileTheirParentQuitsAreStopped() {
        youngest.startInTurn(CHILD, "one", link("one"));
        middle.stop();
        assertThat(running()).isEqualTo(1);
        youngest.orphan();
        assertThat(running()).isZero();
    }

    @Test
    void anOrphanStartsNothingAfterItsHeirWasStopped() {
        youngest.orphan();
        middle.stop();
        youngest.startInTurn(CHILD, "one", link("one"));
        assertThat(order).isEmpty();
        assertThat(running()).isZero();
        assertThat(youngest.idle(CHILD)).isTrue();
    }

    @Test
    void anOrphanStartsNothingAfterTheHeirOfItsHeirWasStopped() {
        youngest.orphan();
        middle.orphan();
        eldest.stop();
        youngest.startInTurn(CHILD, "one", link("one"));
        assertThat(order).isEmpty();
        assertThat(middle.isIdle()).isTrue();
    }

    @Test
    void orphansOfOrphansAreLeftBehindByNobody() {
        youngest.startInTurn(CHILD, "one", link("one"));
        youngest.orphan();
        middle.orphan();
        assertThat(eldest.isIdle()).isFalse();
        open("one");
        assertThat(middle.isIdle()).isTrue();
        assertThat(eldest.isIdle()).isTrue();

        youngest.startInTurn(CHILD, "two", link("two"));
        assertThat(eldest.isIdle()).isFalse();
        eldest.stop();
        assertThat(running()).isZero();
    }

    @Test
    void aStoppedScopeIsEmpty() {
        youngest.startInTurn(CHILD, "one", link("one"));
        youngest.startInTurn(CHILD, "two", link("two"));
        youngest.stop();
        assertThat(youngest.idle(CHILD)).isTrue();
        assertThat(youngest.tags(CHILD)).isEmpty();
        assertThat(youngest.dropQueued(CHILD, "two")).isFalse();
        assertThat(youngest.isIdle()).isTrue();
    }

    @Test
    void aLinkThatQuitsWhileItsParentIsStoppedStartsNoOther() {
        Probe parent = new Probe();
        Disposable run = fixture.run(PARENT, parent);
        parent.scope().startInTurn(CHILD, "one", link("one"));
        parent.scope().startInTurn(CHILD, "two", link("two"));
        whenChildQuits = run::dispose;
        open("one");
        assertThat(order).containsExactly("one create", "one quiesced");
        assertThat(running()).isZero();
    }

    @Test
    void theScopeOfAStoppedActivityStartsNothing() {
        Probe parent = new Probe();
        fixture.run(PARENT, parent).dispose();
        parent.scope().startInTurn(CHILD, "one", link("one"));
        assertThat(order).isEmpty();
        assertThat(running()).isZero();
    }

    @Test
    void whatIsStartedInTheScopeOfAChildThatHasQuitIsStoppedWithItsGrandparent() {
        Probe parent = new Probe();
        Probe child = new Probe();
        child.onLive = event -> Step.quit();
        Disposable run = fixture.run(PARENT, parent);
        parent.scope().startInTurn(CHILD, "child", child);
        fixture.source.append(CHILD, "quit");
        assertThat(running()).isEqualTo(1);
        child.scope().startInTurn(GRANDCHILD, "one", link("one"));
        assertThat(order).containsExactly("one create", "one quiesced");
        run.dispose();
        assertThat(running()).isZero();
    }

    @Test
    void aChildIsNamedByItsKey() {
        youngest.startInTurn(CHILD, "one", link("one"));
        core.table.forEach(task -> assertThat(task).hasToString("child"));
        assertThat(running()).isEqualTo(1);
    }
}
