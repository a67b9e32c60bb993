package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesO;
import io.repowatch.wire.nogfso.AbortFreezeRepoI;
import io.repowatch.wire.nogfso.AbortFreezeRepoO;
import io.repowatch.wire.nogfso.BeginFreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginFreezeRepoFilesO;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginFreezeRepoO;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitFreezeRepoI;
import io.repowatch.wire.nogfso.CommitFreezeRepoO;
import io.repowatch.wire.nogfso.GetFreezeRepoI;
import io.repowatch.wire.nogfso.GetFreezeRepoO;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.JobControl;
import reactor.core.publisher.Mono;

/** The messages of the FreezeRepo service, around what freeze and unfreeze have in common. */
final class FreezeCalls {
    private final BeginStorageCall begin;
    private final StorageCalls calls;

    FreezeCalls(BeginStorageCall begin, StorageCalls calls) {
        this.begin = begin;
        this.calls = calls;
    }

    Mono<BeginFreezeRepoO> begin(Principal principal, BeginFreezeRepoI in) {
        return begin.begin(
                        principal,
                        new BeginStorageCall.Request(
                                in.getRegistry(),
                                in.getRegistryVid(),
                                in.getRepo(),
                                in.getRepoVid(),
                                in.getWorkflow(),
                                GitUser.newBuilder()
                                        .setName(in.getAuthorName())
                                        .setEmail(in.getAuthorEmail())
                                        .build()))
                .map(begun -> BeginFreezeRepoO.newBuilder()
                        .setRegistryVid(WireFields.bytes(begun.registry()))
                        .setRepoVid(WireFields.bytes(begun.repo()))
                        .setWorkflowIndexVid(WireFields.bytes(begun.index()))
                        .setWorkflowVid(WireFields.bytes(begun.workflow()))
                        .build());
    }

    Mono<BeginFreezeRepoFilesO> beginFiles(Principal principal, BeginFreezeRepoFilesI in) {
        return calls.beginFiles(principal, in.getWorkflow(), in.getWorkflowVid())
                .map(vid -> BeginFreezeRepoFilesO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<CommitFreezeRepoFilesO> commitFiles(Principal principal, CommitFreezeRepoFilesI in) {
        return calls.commitFiles(principal, in.getWorkflow(), in.getWorkflowVid())
                .map(vid -> CommitFreezeRepoFilesO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<AbortFreezeRepoFilesO> abortFiles(Principal principal, AbortFreezeRepoFilesI in) {
        return calls.abortFiles(
                        principal, in.getWorkflow(), in.getWorkflowVid(), in.getStatusCode(), in.getStatusMessage())
                .map(vid -> AbortFreezeRepoFilesO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<CommitFreezeRepoO> commit(Principal principal, CommitFreezeRepoI in) {
        return calls.commit(principal, in.getWorkflow(), in.getWorkflowVid())
                .map(versions -> CommitFreezeRepoO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(versions.workflow()))
                        .setWorkflowIndexVid(WireFields.bytes(versions.index()))
                        .build());
    }

    Mono<AbortFreezeRepoO> abort(Principal principal, AbortFreezeRepoI in) {
        return calls.abort(principal, in.getWorkflow(), in.getWorkflowVid(), in.getStatusCode(), in.getStatusMessage())
                .map(versions -> AbortFreezeRepoO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(versions.workflow()))
                        .setWorkflowIndexVid(WireFields.bytes(versions.index()))
                        .build());
    }

    Mono<GetFreezeRepoO> get(Principal principal, GetFreezeRepoI in) {
        return calls.get(principal, in.getWorkflow(), in.getJobControl() == JobControl.JC_WAIT)
                .map(status -> GetFreezeRepoO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(status.workflow()))
                        .setRegistry(status.registry())
                        .setRepoId(status.repo())
                        .setStatusCode(status.code())
                        .setStatusMessage(status.message())
                        .build());
    }
}
