package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignal.AggregateType;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsI.AggregateSelector;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The signal stream, registry specification §6.1. */
class SignalsTest {
    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal).prepared();

    private static Flux<AggregateSignalsO> signals(Fixture server, AggregateSelector... selected) {
        return server.registry.aggregateSignals(
                Fixture.CALLER,
                AggregateSignalsI.newBuilder()
                        .addAllSelectAggregates(List.of(selected))
                        .build());
    }

    private Set<AggregateType> typesSeen(AggregateSelector... selected) {
        Set<AggregateType> seen = EnumSet.noneOf(AggregateType.class);
        var subscription = signals(fixture, selected)
                .subscribe(message -> message.getSignalsList().forEach(signal -> seen.add(signal.getAggregateType())));
        fixture.initRegistry("r" + journal.position());
        fixture.initRepo("/data/" + journal.position());
        fixture.put(Category.WORKFLOW.stream(new UUID(1, journal.position())), new Vid(9, 1), new byte[0]);
        fixture.put(Category.EPHEMERAL_WORKFLOW.stream(new UUID(2, journal.position())), new Vid(9, 1), new byte[0]);
        subscription.dispose();
        return seen;
    }

    @Test
    void noSelectorSelectsEverything() {
        assertThat(typesSeen())
                .containsExactly(
                        AggregateType.AT_MAIN,
                        AggregateType.AT_REGISTRY,
                        AggregateType.AT_REPO,
                        AggregateType.AT_WORKFLOW,
                        AggregateType.AT_EPHEMERAL_WORKFLOW);
    }

    @Test
    void selectorsSelectTheirTypes() {
        assertThat(typesSeen(AggregateSelector.AS_REPO, AggregateSelector.AS_MAIN))
                .containsExactly(AggregateType.AT_MAIN, AggregateType.AT_REPO);
        assertThat(typesSeen(AggregateSelector.AS_REGISTRY)).containsExactly(AggregateType.AT_REGISTRY);
        assertThat(typesSeen(AggregateSelector.AS_WORKFLOW)).containsExactly(AggregateType.AT_WORKFLOW);
        assertThat(typesSeen(AggregateSelector.AS_EPHEMERAL_WORKFLOW))
                .containsExactly(AggregateType.AT_EPHEMERAL_WORKFLOW);
    }

    @Test
    void zeroAndUnknownSelectorsSelectNothing() {
        assertThat(typesSeen(AggregateSelector.AS_UNSPECIFIED)).isEmpty();
        AggregateSignalsI unknown =
                AggregateSignalsI.newBuilder().addSelectAggregatesValue(99).build();
        StepVerifier.create(fixture.registry.aggregateSignals(Fixture.CALLER, unknown))
                .expectNext(AggregateSignalsO.getDefaultInstance())
                .then(() -> fixture.initRepo("/data/a"))
                .thenCancel()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void aMessageNamesEachEntityOnceByType() {
        SlowClient<AggregateSignalsO> client = new SlowClient<>();
        signals(fixture).subscribe(client);
        for (int i = 0; i < 50; i++) {
            fixture.initRepo("/data/" + i);
        }
        client.requestUnbounded();
        assertThat(SlowClient.ids(client)).hasSize(51);
        AggregateSignalsO collected = client.messages.get(client.messages.size() - 1);
        assertThat(collected.getSignalsList())
                .extracting(AggregateSignal::getEntityId)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(40);
        assertThat(collected.getSignals(0).getAggregateType()).isEqualTo(AggregateType.AT_REGISTRY);
        assertThat(collected.getSignals(0).getEntityId()).isEqualTo(Fixture.bytes(EntityIds.registry(Fixture.REG)));
        assertThat(collected.getSignalsList())
                .allSatisfy(
                        signal -> assertThat(signal.getSignals()).isEqualTo(AggregateSignal.Signal.S_UPDATED_VALUE));
    }

    @Test
    void nobodyMissesAnythingWhileManyWrite() {
        Fixture busy = new Fixture(journal, Schedulers.parallel(), Authorizer.ALLOW_ALL);
        int writers = 300;
        Flux<Long> seen = Flux.range(0, 10)
                .flatMap(
                        client -> signals(busy, AggregateSelector.AS_REPO)
                                .limitRate(1)
                                .flatMapIterable(AggregateSignalsO::getSignalsList)
                                .map(AggregateSignal::getEntityId)
                                .distinct()
                                .take(writers)
                                .count(),
                        10);
        Flux<Long> writing = Flux.range(0, writers)
                .flatMap(
                        i -> busy.registry.initRepo(
                                Fixture.CALLER, Fixture.repo("/data/" + i).build()),
                        8)
                .thenMany(Flux.empty());
        assertThat(Fixture.done(Flux.merge(seen, writing).collectList()))
                .hasSize(10)
                .containsOnly((long) writers);
    }

    @Test
    void theStreamEndsOnlyWithTheServer() {
        StepVerifier.create(signals(fixture))
                .expectNextCount(1)
                .then(fixture.registry::close)
                .expectErrorMessage("shutdown")
                .verify(Fixture.PATIENCE);
        Fixture other = new Fixture(journal);
        StepVerifier.create(signals(other))
                .expectNextCount(1)
                .then(journal::close)
                .expectErrorMessage("shutdown")
                .verify(Fixture.PATIENCE);
    }
}
