package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A callback that does not hear of its cancellation answers when engine and Scheduler are gone. */
class LateAnswerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestKey A = TestKey.repo("a");

    private final Logger logger = (Logger) LoggerFactory.getLogger(Shutdown.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
    }

    @Test
    void nothingIsSaidToFail() {
        AtomicReference<CoreSubscriber<? super Step>> asked = new AtomicReference<>();
        Probe probe = new Probe();
        probe.onQuiesced = () -> new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Step> actual) {
                actual.onSubscribe(Operators.emptySubscription());
                asked.set(actual);
            }
        };
        Scheduler callbacks = Schedulers.newSingle("callbacks");
        ScriptedSource source = new ScriptedSource();
        ActivityEngine engine = ActivityEngine.builder(source)
                .scheduler(callbacks)
                .random(new SplittableRandom(1))
                .build();
        Disposable.Composite running = Disposables.composite();
        running.add(engine.run(A, probe).subscribe(nothing -> {}, error -> {}));
        running.add(engine.serve().subscribe());
        source.all();
        Awaitility.await().atMost(PATIENCE).until(() -> asked.get() != null);
        engine.stop(Duration.ZERO).block(PATIENCE);
        running.dispose();
        callbacks.dispose();
        asked.get().onNext(Step.Next.INSTANCE);
        assertThat(logged.list).isEmpty();
    }
}
