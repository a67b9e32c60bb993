package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Principal;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.v1.GetStatusRequest;
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
