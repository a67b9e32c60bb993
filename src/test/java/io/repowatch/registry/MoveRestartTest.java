package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * The registry dies around every append of a move: before it, when it is on disk but not answered yet, and after. Whoever
 * repeats the request at the next server gets its answer, and the histories are those of a server that never died (W17).
 */
class MoveRestartTest {
    private static final String REPO = "/data/a";

    /** Requests in their order; each has exactly one append. */
    enum Story {
        MOVE_REPO(
                (moves, repo) -> moves.begin(repo, Moves.WORKFLOW, "/data/b"),
                (moves, repo) -> moves.accept(repo, Moves.WORKFLOW),
                (moves, repo) -> moves.release(repo, Moves.WORKFLOW),
                (moves, repo) -> moves.commit(repo, Moves.WORKFLOW, "/shadow/b")),
        MOVE_SHADOW(
                (moves, repo) -> moves.beginShadow(repo, Moves.WORKFLOW, "/new/a"),
                (moves, repo) -> moves.disable(repo, Moves.WORKFLOW),
                (moves, repo) -> moves.commitShadow(repo, Moves.WORKFLOW)),
        ABORT_MOVE_REPO(
                (moves, repo) -> moves.begin(repo, Moves.WORKFLOW, "/data/b"),
                (moves, repo) -> moves.abort(Moves.WORKFLOW, "r")),
        ABORT_MOVE_SHADOW(
                (moves, repo) -> moves.beginShadow(repo, Moves.WORKFLOW, "/new/a"),
                (moves, repo) -> moves.disable(repo, Moves.WORKFLOW),
                (moves, repo) -> moves.abort(Moves.WORKFLOW, "r"));

        final List<BiFunction<Moves, ByteString, Mono<Vid>>> requests;

        @SafeVarargs
        Story(BiFunction<Moves, ByteString, Mono<Vid>>... requests) {
            this.requests = List.of(requests);
        }
    }

    static Stream<Arguments> deaths() {
        return Death.around(Story.values(), story -> story.requests.size());
    }

    private final ScriptedJournal journal = new ScriptedJournal();
    private Moves server = new Moves(new Fixture(journal));

    private void restart() {
        server.fixture.registry.close();
        server = new Moves(new Fixture(journal));
    }

    @ParameterizedTest(name = "{0}, request {1}, {2}")
    @MethodSource("deaths")
    void w17_aDeathLeavesAllOfARequestOrNothing(Story story, int fatal, Death death) {
        server.fixture.prepared();
        ByteString repo = server.repo(REPO);
        for (int step = 0; step < story.requests.size(); step++) {
            BiFunction<Moves, ByteString, Mono<Vid>> request = story.requests.get(step);
            Vid first = step == fatal ? death.strike(request.apply(server, repo), journal, this::restart) : null;
            Vid answer = Fixture.done(request.apply(server, repo));
            if (first != null) {
                assertThat(answer).as("the same answer").isEqualTo(first);
            }
        }
        assertThat(histories(repo)).isEqualTo(undisturbed(story));
    }

    private List<List<String>> histories(ByteString repo) {
        return List.of(
                Moves.words(server.fixture.registryTypes().stream()),
                Moves.words(server.fixture.repoEvents(repo).stream().map(RepoEvent::getEvent)),
                server.words(Moves.WORKFLOW),
                server.listed(),
                List.of(
                        server.fixture.getRepo(repo).getFile(),
                        server.fixture.getRepo(repo).getShadow(),
                        server.lookup(Moves.WORKFLOW).getState()));
    }

    private static List<List<String>> undisturbed(Story story) {
        MoveRestartTest other = new MoveRestartTest();
        other.server.fixture.prepared();
        ByteString repo = other.server.repo(REPO);
        story.requests.forEach(request -> Fixture.done(request.apply(other.server, repo)));
        return other.histories(repo);
    }
}
