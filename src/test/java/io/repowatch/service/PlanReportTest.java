package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.observer.PlannedAction;
import io.repowatch.observer.PlannedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanReportTest {
    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID SECOND = new UUID(1, 2);
    private static final UUID PING = new UUID(1, 3);

    @Test
    void reposThatAreOnlyEnabledAreListedOnDemand() {
        PlanReport report = new PlanReport(false);
        report.add(action(FIRST, PlannedStep.ENABLE, null));
        report.add(action(SECOND, PlannedStep.ENABLE, null));
        report.add(action(SECOND, PlannedStep.GITLAB, null));

        assertThat(report.isEmpty()).isFalse();
        assertThat(report.json()).containsEntry("repos", 2L).containsEntry("todo", 1L);
        assertThat(steps(report)).containsExactly("enable", "gitlab");

        PlanReport all = new PlanReport(true);
        all.add(action(FIRST, PlannedStep.ENABLE, null));
        assertThat(all.isEmpty()).isTrue();
        assertThat(steps(all)).containsExactly("enable");
    }

    @Test
    void aPingIsAboutNoRepo() {
        PlanReport report = new PlanReport(false);
        report.add(action(FIRST, PlannedStep.WAIT, null));
        report.add(action(null, PlannedStep.PING, PING));

        assertThat(report.json()).containsEntry("repos", 1L).containsEntry("todo", 1L);
        assertThat(steps(report)).containsExactly("wait", "ping");
    }

    private static List<Object> steps(PlanReport report) {
        List<Object> steps = new ArrayList<>();
        for (Object action : (List<?>) report.json().get("actions")) {
            steps.add(((Map<?, ?>) action).get("do"));
        }
        return steps;
    }

    private static PlannedAction action(@Nullable UUID repo, PlannedStep step, @Nullable UUID workflow) {
        return new PlannedAction(
                repo,
                repo == null ? null : GlobalPath.parse("/own/" + repo.getLeastSignificantBits()),
                step,
                "rule",
                Vid.EPOCH,
                workflow,
                step.lasting(),
                "");
    }
}
