package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Principal;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.v1.GetStatusRequest;
import io.repowatch.wire.v1.WhyRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class StatusServiceTest {
    private final Scenario scenario = Scenario.own("/own");

    @AfterEach
    void close() {
        scenario.close();
    }

    @Test
    void reposAreCountedByStateAndListedWithReasonAndPath() {
        ScriptedRepo fine = scenario.repo("/own/fine");
        ScriptedRepo bad = scenario.repo("/own/bad");
        scenario.given(fine.added(), fine.initStarted(), fine.shadowCreated())
                .given(bad.added(), bad.initStarted(), bad.errorSet("no such directory"))
                .start()
                .advance(Duration.ofSeconds(1));
        StatusService service = new StatusService(scenario.observer(), repo -> Mono.just("/path"), () -> {});

        StepVerifier.create(service.getStatus(
                        GetStatusRequest.newBuilder().setState("error").build()))
                .assertNext(reply -> {
                    assertThat(reply.getTotal()).isEqualTo(2);
                    assertThat(reply.getCountsList())
                            .extracting(count -> count.getState() + " " + count.getCount())
                            .containsExactly("enabled 1", "error 1");
                    assertThat(reply.getReposList()).hasSize(1);
                    assertThat(WireText.uuid(reply.getRepos(0).getRepo()))
                            .isEqualTo(bad.id().toString());
                    assertThat(reply.getRepos(0).getGlobalPath()).isEqualTo("/path");
                    assertThat(reply.getRepos(0).getLastError()).isEqualTo("no such directory");
                })
                .verifyComplete();
    }

    @Test
    void whyFollowsAMoveFromTheRepoToTheWorkflowAndTheLinkBehind() {
        ScriptedRepo repo = scenario.repo("/own/old");
        ScriptedMove move = new ScriptedMove(repo, scenario.workflow(), "/own/old", "/own/new");
        scenario.given(repo.added(), repo.initStarted(), repo.shadowCreated())
                .given(move.begin())
                .start()
                .advance(Duration.ofSeconds(1));
        StatusService service = new StatusService(scenario.observer(), id -> Mono.just("/own/old"), () -> {});

        StepVerifier.create(service.why(WhyRequest.newBuilder()
                        .setRepo(WireText.bytes(repo.id()))
                        .build()))
                .assertNext(reply -> {
                    assertThat(reply.getGlobalPath()).isEqualTo("/own/old");
                    assertThat(reply.getState()).isEqualTo("waiting");
                    assertThat(reply.getStepsList())
                            .extracting(step -> step.getKind() + " " + step.getPart())
                            .containsExactly("repo ", "workflow release", "link acquire");
                    assertThat(reply.getSteps(1).getWhy()).isEqualTo("the application has not accepted the move");
                    assertThat(reply.getSteps(1).getSinceMs()).isPositive();
                    assertThat(WireText.id(reply.getSteps(2).getWorkflow())).isEqualTo(move.workflow());
                })
                .verifyComplete();
        StepVerifier.create(service.getStatus(
                        GetStatusRequest.newBuilder().setState("waiting").build()))
                .assertNext(reply -> {
                    assertThat(reply.getPartsList())
                            .extracting(part -> part.getPart() + " " + part.getCount())
                            .containsExactly("release 1");
                    assertThat(reply.getRepos(0).getWhy())
                            .endsWith("; release: the application has not accepted the move");
                })
                .verifyComplete();
    }

    @Test
    void whyKnowsNothingOfARepoThatIsNotFollowed() {
        scenario.start();
        StatusService service = new StatusService(scenario.observer(), id -> Mono.just(""), () -> {});

        StepVerifier.create(service.why(WhyRequest.newBuilder()
                        .setRepo(WireText.bytes(scenario.workflow()))
                        .build()))
                .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("NOT_FOUND"))
                .verify();
    }

    @Test
    void whoIsDeniedGetsNothing() {
        scenario.start();
        StatusService service = new StatusService(scenario.observer(), repo -> Mono.just("/path"), () -> {
            throw new AccessDeniedException(Principal.ANONYMOUS, "fso/read-registry", AccessScope.name("reg"));
        });

        StepVerifier.create(service.getStatus(GetStatusRequest.getDefaultInstance()))
                .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("PERMISSION_DENIED"))
                .verify();
    }
}
