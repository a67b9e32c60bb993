package io.repowatch.docs;

import static io.repowatch.testkit.Call.commitMove;
import static io.repowatch.testkit.Call.disable;
import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.moveRepo;
import static io.repowatch.testkit.Call.postReleased;

import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRepo;
import org.junit.jupiter.api.Test;

/** The example of a workflow in the guide to the testkit. */
class WorkflowExampleTest {
    @Test
    void aMoveWithinOneServer() {
        try (Scenario scenario = Scenario.own("/own")) {
            ScriptedRepo repo = scenario.repo("/own/a");
            scenario.given(repo.added(), repo.initStarted(), repo.shadowCreated())
                    .start()
                    .then(getRepo(repo), enable(repo));

            ScriptedMove move = repo.move(scenario.workflow(), "/own/b");
            scenario.when(move.begin()).then(disable(repo));
            scenario.when(move.appAccepted())
                    .then(postReleased(repo), moveRepo(repo), commitMove(repo), getRepo(repo), enable(repo));
        }
    }
}
