package io.repowatch.observer;

import io.repowatch.id.Vid;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** For ports of tests in which no workflow runs: each of its commands fails. */
public interface NoWorkflowCommands extends RegistryCommands {

    @Override
    default Mono<Vid> postMoveRepoStaReleased(UUID repo, UUID workflow) {
        return unexpected();
    }

    @Override
    default Mono<Vid> commitMoveRepo(UUID repo, UUID workflow, String newShadowPath) {
        return unexpected();
    }

    @Override
    default Mono<Vid> postMoveShadowStaDisabled(UUID repo, UUID workflow) {
        return unexpected();
    }

    @Override
    default Mono<Vid> commitFreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return unexpected();
    }

    @Override
    default Mono<Vid> abortFreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return unexpected();
    }

    @Override
    default Mono<Vid> commitUnfreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return unexpected();
    }

    @Override
    default Mono<Vid> abortUnfreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return unexpected();
    }

    @Override
    default Mono<Vid> serverPing(UUID workflow, int code, String message) {
        return unexpected();
    }

    private static Mono<Vid> unexpected() {
        return Mono.error(() -> new AssertionError("no workflow runs in this test"));
    }
}
