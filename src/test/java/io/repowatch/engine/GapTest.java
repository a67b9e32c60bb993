package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class GapTest {
    private static final TestKey A = TestKey.repo("a");

    private final List<String> heard = new ArrayList<>();
    private final EngineFixture fixture = new EngineFixture(b -> b.listener(new LoggingListener(heard)));
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();

    @BeforeEach
    void threeEventsOfWhichOneIsNotDelivered() {
        source.put(A, "1");
        source.put(A, "2");
        source.put(A, "3");
    }

    private void start() {
        fixture.run(A, probe);
        fixture.serve();
    }

    private static boolean isTwo(Event<String> event) {
        return event.body().equals("2");
    }

    @Test
    void theParentOfTheFirstEventOfATrimmedHistoryIsNotChecked() {
        source.script(A, (after, honest) -> honest.skip(after.isEpoch() ? 1 : 0));
        start();
        assertThat(probe.log).containsExactly("create", "replay 2", "replay 3", "quiesced");
    }

    @Test
    void aParentThatTheSourceDoesNotTellIsNotChecked() {
        source.script(
                A,
                (after, honest) -> honest.filter(event -> !isTwo(event))
                        .map(event -> new Event<>(event.id(), null, event.body())));
        start();
        assertThat(probe.log).containsExactly("create", "replay 1", "replay 3", "quiesced");
    }

    @Test
    void afterAGapANewInstanceStartsFromTheEpochAtOnce() {
        boolean[] gap = {true};
        source.script(A, (after, honest) -> {
            boolean hide = gap[0];
            gap[0] = false;
            return honest.filter(event -> !hide || !isTwo(event));
        });
        start();
        assertThat(probe.log)
                .containsExactly("create", "replay 1", "create", "replay 1", "replay 2", "replay 3", "quiesced");
        assertThat(heard).contains("restarted").doesNotContain("retry 1");
    }

    @Test
    void aSecondGapInARowIsAFailureWithBackOff() {
        source.script(A, (after, honest) -> honest.filter(event -> !isTwo(event)));
        start();
        assertThat(heard).containsOnlyOnce("retry 1");
        fixture.passSeconds(1);
        assertThat(heard).contains("retry 2");
        source.unscript(A);
        fixture.passSeconds(60);
        assertThat(probe.log).endsWith("create", "replay 1", "replay 2", "replay 3", "quiesced");
    }

    @Test
    void aGapAfterACompleteReadIsAFirstOneAgain() {
        start();
        for (int i = 0; i < 2; i++) {
            source.put(A, "lost");
            boolean[] hide = {true};
            source.script(A, (after, honest) -> {
                boolean skip = hide[0];
                hide[0] = false;
                return skip ? honest.skip(1) : honest;
            });
            source.append(A, "seen");
        }
        assertThat(heard).filteredOn("restarted"::equals).hasSize(2);
        assertThat(heard).doesNotContain("retry 1");
    }

    @Test
    void eventsUpToTheTailAreSkippedWhenTheyAreDeliveredAgain() {
        start();
        List<Event<String>> all = source.stream(A);
        source.script(A, (after, honest) -> Flux.fromIterable(all).concatWith(honest));
        source.append(A, "4");
        assertThat(probe.log)
                .containsExactly("create", "replay 1", "replay 2", "replay 3", "quiesced", "live 4", "caughtUp");
        assertThat(heard).doesNotContain("restarted");
    }

    @Test
    void anEventThatIsDeliveredTwiceInOneReadIsHandledOnce() {
        source.script(A, (after, honest) -> honest.concatMapIterable(event -> List.of(event, event)));
        start();
        source.append(A, "4");
        assertThat(probe.log)
                .containsExactly("create", "replay 1", "replay 2", "replay 3", "quiesced", "live 4", "caughtUp");
    }

    @Test
    void oldEventsWithoutTheTailAmongThemAreAGap() {
        start();
        Event<String> foreign = new Event<>(new Vid(9, 9), new Vid(9, 8), "foreign");
        boolean[] strange = {true};
        source.script(A, (after, honest) -> {
            boolean now = strange[0];
            strange[0] = false;
            return now ? Flux.just(foreign) : honest;
        });
        source.wake(A);
        assertThat(probe.log)
                .doesNotContain("live foreign")
                .endsWith("create", "replay 1", "replay 2", "replay 3", "quiesced");
    }

    @Test
    void aReadThatFailsWhileItSkipsIsAFailedReadOnly() {
        start();
        List<Event<String>> old = source.stream(A).subList(0, 1);
        boolean[] cut = {true};
        source.script(A, (after, honest) -> {
            boolean now = cut[0];
            cut[0] = false;
            return now ? Flux.fromIterable(old).concatWith(Flux.error(new IllegalStateException("cut"))) : honest;
        });
        source.append(A, "4");
        fixture.passSeconds(1);
        assertThat(heard).contains("retry 1").doesNotContain("restarted");
        assertThat(probe.log).endsWith("quiesced", "live 4", "caughtUp");
    }

    @Test
    void theNewInstanceAfterAGapGetsThePermitOfTheOldOne() {
        EngineFixture one = new EngineFixture(b -> b.limit(StreamClass.REPO, 1));
        one.source.put(A, "1");
        one.source.put(A, "2");
        one.source.put(A, "3");
        boolean[] gap = {true};
        one.source.script(A, (after, honest) -> {
            boolean hide = gap[0];
            gap[0] = false;
            return honest.filter(event -> !hide || !isTwo(event));
        });
        one.run(A, probe);
        one.serve();
        assertThat(probe.log).endsWith("create", "replay 1", "replay 2", "replay 3", "quiesced");
    }

    @Test
    void aWakeUpDuringTheReadWithTheGapHoldsNothingUp() {
        boolean[] gap = {true};
        source.script(A, (after, honest) -> {
            boolean hide = gap[0];
            gap[0] = false;
            return hide ? honest.filter(event -> !isTwo(event)).doOnComplete(() -> source.wake(A)) : honest;
        });
        start();
        assertThat(probe.log).endsWith("create", "replay 1", "replay 2", "replay 3", "quiesced");
    }
}
