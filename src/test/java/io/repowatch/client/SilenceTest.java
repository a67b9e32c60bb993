package io.repowatch.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class SilenceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration ALMOST = LIMIT.minusMillis(1);

    private final CountedTimer timer = new CountedTimer();
    private final TestPublisher<String> source = TestPublisher.create();

    @Test
    void everyElementStartsTheLimitAgain() {
        StepVerifier.create(Silence.limited(source.flux(), LIMIT, timer))
                .then(() -> timer.advanceTimeBy(ALMOST))
                .then(() -> source.next("a"))
                .expectNext("a")
                .then(() -> timer.advanceTimeBy(ALMOST))
                .then(() -> source.next("b"))
                .expectNext("b")
                .then(() -> timer.advanceTimeBy(ALMOST))
                .then(source::complete)
                .verifyComplete();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void silenceOfTheWholeLimitFailsAndCancelsTheSource() {
        StepVerifier.create(Silence.limited(source.flux(), LIMIT, timer))
                .then(() -> source.next("a"))
                .expectNext("a")
                .then(() -> timer.advanceTimeBy(ALMOST))
                .then(source::assertNotCancelled)
                .then(() -> timer.advanceTimeBy(Duration.ofMillis(1)))
                .verifyError(TimeoutException.class);
        source.assertCancelled();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void nothingIsOwedBeforeItIsAskedFor() {
        StepVerifier.create(Silence.limited(source.flux(), LIMIT, timer), 0)
                .then(() -> timer.advanceTimeBy(Duration.ofHours(1)))
                .thenRequest(1)
                .then(() -> timer.advanceTimeBy(ALMOST))
                .then(() -> source.next("a"))
                .expectNext("a")
                .then(() -> timer.advanceTimeBy(Duration.ofHours(1)))
                .thenRequest(1)
                .then(() -> timer.advanceTimeBy(LIMIT))
                .verifyError(TimeoutException.class);
    }

    @Test
    void anErrorOfTheSourceIsPassedOn() {
        StepVerifier.create(Silence.limited(source.flux(), LIMIT, timer))
                .then(() -> source.error(new IllegalStateException("broken")))
                .verifyErrorMessage("broken");
        assertThat(timer.waiting()).isZero();
    }
}
