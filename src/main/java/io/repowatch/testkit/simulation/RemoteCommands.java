package io.repowatch.testkit.simulation;

import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.wire.nogfso.GetRepoO;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The registry's commands as one observer process has them: over the network, or at once where it is in the same process. */
final class RemoteCommands implements RegistryCommands {
    private final World world;
    private final ObserverProcess observer;
    private final ProcessScheduler process;
    private final boolean embedded;

    RemoteCommands(World world, ObserverProcess observer, ProcessScheduler process, boolean embedded) {
        this.world = world;
        this.observer = observer;
        this.process = process;
        this.embedded = embedded;
    }

    private <T> Mono<T> checked(Runnable check, Mono<T> call) {
        return Mono.defer(() -> {
            if (!process.isDead()) {
                check.run();
            }
            return call;
        });
    }

    private <T> Mono<T> call(Function<RegistryCommands, Mono<T>> command) {
        return Mono.defer(() -> {
            RegistryProcess.Running server = world.registry.running();
            if (process.isDead()) {
                return Mono.never();
            }
            if (embedded) {
                return server == null ? Mono.never() : command.apply(server.commands);
            }
            return world.network.call(process, running -> command.apply(running.commands));
        });
    }

    @Override
    public Mono<GetRepoO> getRepo(UUID repo) {
        return call(commands -> commands.getRepo(repo));
    }

    @Override
    public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
        return call(commands -> commands.confirmShadow(repo, shadowPath));
    }

    @Override
    public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
        return call(commands -> commands.confirmGit(repo, gitlabProjectId));
    }

    @Override
    public Mono<Vid> setRepoError(UUID repo, String message) {
        return checked(
                () -> world.judge.storesError(observer, repo, message),
                call(commands -> commands.setRepoError(repo, message)));
    }

    @Override
    public Mono<Vid> postMoveRepoStaReleased(UUID repo, UUID workflow) {
        return checked(
                () -> world.judge.releases(observer, repo, workflow, "releases"),
                call(commands -> commands.postMoveRepoStaReleased(repo, workflow)));
    }

    @Override
    public Mono<Vid> commitMoveRepo(UUID repo, UUID workflow, String newShadowPath) {
        return call(commands -> commands.commitMoveRepo(repo, workflow, newShadowPath));
    }

    @Override
    public Mono<Vid> postMoveShadowStaDisabled(UUID repo, UUID workflow) {
        return checked(
                () -> world.judge.releases(observer, repo, workflow, "lets the shadow move of"),
                call(commands -> commands.postMoveShadowStaDisabled(repo, workflow)));
    }

    @Override
    public Mono<Vid> commitFreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return call(commands -> commands.commitFreezeRepoFiles(workflow, workflowVid));
    }

    @Override
    public Mono<Vid> abortFreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return call(commands -> commands.abortFreezeRepoFiles(workflow, workflowVid, code, message));
    }

    @Override
    public Mono<Vid> commitUnfreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return call(commands -> commands.commitUnfreezeRepoFiles(workflow, workflowVid));
    }

    @Override
    public Mono<Vid> abortUnfreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return call(commands -> commands.abortUnfreezeRepoFiles(workflow, workflowVid, code, message));
    }

    @Override
    public Mono<Vid> serverPing(UUID workflow, int code, String message) {
        return checked(
                () -> world.judge.answers(observer, workflow),
                call(commands -> commands.serverPing(workflow, code, message)));
    }
}
