package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.repowatch.id.Vid;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class GuardedListenerTest {
    private static final TestKey A = TestKey.repo("a");

    private final Logger logger = (Logger) LoggerFactory.getLogger(GuardedListener.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
        logger.setAdditive(false);
    }

    @AfterEach
    void leave() {
        logger.setAdditive(true);
        logger.detachAppender(logged);
    }

    private static void tellAll(EngineListener listener) {
        listener.ready(A);
        listener.run(A);
        listener.quiesced(A);
        listener.handled(A, new Vid(1, 2));
        listener.slept(A);
        listener.awaiting(A, "the lock");
        listener.retry(A, new IllegalStateException("no"), Duration.ofSeconds(3), 4);
        listener.restarted(A, "a gap");
        listener.quit(A);
        listener.stopped(A);
    }

    /** A listener with one body for all its methods. */
    private static EngineListener listener(List<String> heard, boolean fails) {
        return (EngineListener) Proxy.newProxyInstance(
                EngineListener.class.getClassLoader(), new Class<?>[] {EngineListener.class}, (self, method, args) -> {
                    heard.add(method.getName() + " " + List.of(args));
                    if (fails) {
                        throw new IllegalArgumentException("fails in " + method.getName());
                    }
                    return null;
                });
    }

    @Test
    void everyCallIsHandedOnAsItIs() {
        List<String> direct = new ArrayList<>();
        List<String> guarded = new ArrayList<>();
        tellAll(listener(direct, false));
        tellAll(new GuardedListener(listener(guarded, false)));
        assertThat(guarded).isEqualTo(direct).hasSize(10);
        assertThat(logged.list).isEmpty();
    }

    @Test
    void whatAnyCallThrowsIsLoggedWithTheKeyAndOtherwiseIgnored() {
        List<String> heard = new ArrayList<>();
        tellAll(new GuardedListener(listener(heard, true)));
        assertThat(heard).hasSize(10);
        assertThat(logged.list)
                .extracting(event -> event.getThrowableProxy().getMessage())
                .containsExactly(
                        "fails in ready",
                        "fails in run",
                        "fails in quiesced",
                        "fails in handled",
                        "fails in slept",
                        "fails in awaiting",
                        "fails in retry",
                        "fails in restarted",
                        "fails in quit",
                        "fails in stopped");
        assertThat(logged.list)
                .allSatisfy(event -> assertThat(event.getFormattedMessage()).endsWith("failed for a"));
    }
}
