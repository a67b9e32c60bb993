package io.repowatch.service;

import io.repowatch.observer.PlannedAction;
import io.repowatch.observer.PlannedStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@code plan} prints. Takes the actions repo by repo. For one thread at a time. */
final class PlanReport {
    private final boolean all;
    private final List<PlannedAction> listed = new ArrayList<>();
    private List<PlannedAction> ofRepo = new ArrayList<>();
    private @Nullable UUID repo;
    private long repos;
    private long todo;

    /** @param all whether repos are listed that would only be enabled */
    PlanReport(boolean all) {
        this.all = all;
    }

    void add(PlannedAction action) {
        if (!Objects.equals(action.repo(), repo)) {
            endRepo();
            repo = action.repo();
            repos += repo == null ? 0 : 1;
        }
        ofRepo.add(action);
        todo += action.lasting() ? 1 : 0;
    }

    private void endRepo() {
        if (all || ofRepo.stream().anyMatch(action -> action.step() != PlannedStep.ENABLE)) {
            listed.addAll(ofRepo);
        }
        ofRepo = new ArrayList<>();
    }

    /** Whether an observer would change nothing but its own memory. */
    boolean isEmpty() {
        return todo == 0;
    }

    void print(Terminal terminal) {
        endRepo();
        if (!listed.isEmpty()) {
            terminal.table(
                    List.of("DO", "REPO", "PATH", "RULE", "EVENT", "WHY"),
                    listed.stream().map(PlanReport::row).toList());
        }
        terminal.line((todo == 0 ? "nothing to do" : "to do: " + todo) + "; repos followed: " + repos);
    }

    private static List<String> row(PlannedAction action) {
        return List.of(
                action.step().toString(),
                repo(action),
                path(action),
                action.rule(),
                action.cause().toString(),
                why(action));
    }

    private static String why(PlannedAction action) {
        String workflow = action.workflow() == null ? "" : "workflow " + action.workflow();
        return action.why().isEmpty() || workflow.isEmpty() ? workflow + action.why() : action.why();
    }

    private static String repo(PlannedAction action) {
        return action.repo() == null ? "" : action.repo().toString();
    }

    private static String path(PlannedAction action) {
        return action.path() == null ? "" : action.path().value();
    }

    Map<String, Object> json() {
        endRepo();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("repos", repos);
        json.put("todo", todo);
        json.put("actions", listed.stream().map(PlanReport::json).toList());
        return json;
    }

    private static Map<String, Object> json(PlannedAction action) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("do", action.step().toString());
        json.put("lasting", action.lasting());
        json.put("repo", repo(action));
        json.put("globalPath", path(action));
        json.put("rule", action.rule());
        json.put("event", action.cause().toString());
        if (action.workflow() != null) {
            json.put("workflow", action.workflow().toString());
        }
        if (!action.why().isEmpty()) {
            json.put("why", action.why());
        }
        return json;
    }
}
