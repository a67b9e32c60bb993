package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;
import reactor.core.publisher.Mono;

/** When a server dies that has got a request with one append. */
enum Death {
    BEFORE_THE_APPEND,
    /** When the append is on disk. */
    BEFORE_THE_ANSWER,
    AFTER_THE_ANSWER;

    /** Every story with a death at each of its requests: story, number of the request, death. */
    static <S> Stream<Arguments> around(S[] stories, ToIntFunction<S> requests) {
        List<Arguments> all = new ArrayList<>();
        for (S story : stories) {
            for (int step = 0; step < requests.applyAsInt(story); step++) {
                for (Death death : values()) {
                    all.add(Arguments.of(story, step, death));
                }
            }
        }
        return all.stream();
    }

    /** Sends a request to the server, which does not survive it, and starts another one. The answer where there is one. */
    <T> @Nullable T strike(Mono<T> request, ScriptedJournal journal, Runnable restart) {
        long before = journal.position();
        if (this == AFTER_THE_ANSWER) {
            T answer = Fixture.done(request);
            assertThat(journal.position()).as("one append").isEqualTo(before + 1);
            restart.run();
            return answer;
        }
        List<T> answers = new ArrayList<>();
        List<Throwable> errors = new ArrayList<>();
        journal.hold();
        request.subscribe(answers::add, errors::add);
        assertThat(journal.waiting()).as("one append").isEqualTo(1);
        assertThat(answers).as("not answered before it is durable").isEmpty();
        if (this == BEFORE_THE_APPEND) {
            journal.fail(new JournalException("the power is gone"));
            assertThat(journal.position()).isEqualTo(before);
        } else {
            journal.loseTheAnswer();
            assertThat(journal.position()).isEqualTo(before + 1);
        }
        assertThat(answers).isEmpty();
        journal.flow();
        restart.run();
        return null;
    }
}
