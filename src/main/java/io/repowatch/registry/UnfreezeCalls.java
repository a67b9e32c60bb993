package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoO;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoO;
import io.repowatch.wire.nogfso.GetUnfreezeRepoI;
import io.repowatch.wire.nogfso.GetUnfreezeRepoO;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.JobControl;
import reactor.core.publisher.Mono;

/** The messages of the UnfreezeRepo service, around what freeze and unfreeze have in common. */
final class UnfreezeCalls {
    private final BeginStorageCall begin;
    private final StorageCalls calls;

    UnfreezeCalls(BeginStorageCall begin, StorageCalls calls) {
        this.begin = begin;
        this.calls = calls;
    }

    Mono<BeginUnfreezeRepoO> begin(Principal principal, BeginUnfreezeRepoI in) {
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
                .map(begun -> BeginUnfreezeRepoO.newBuilder()
                        .setRegistryVid(WireFields.bytes(begun.registry()))
                        .setRepoVid(WireFields.bytes(begun.repo()))
                        .setWorkflowIndexVid(WireFields.bytes(begun.index()))
                        .setWorkflowVid(WireFields.bytes(begun.workflow()))
                        .build());
    }

    Mono<BeginUnfreezeRepoFilesO> beginFiles(Principal principal, BeginUnfreezeRepoFilesI in) {
        return calls.beginFiles(principal, in.getWorkflow(), in.getWorkflowVid())
                .map(vid -> BeginUnfreezeRepoFilesO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<CommitUnfreezeRepoFilesO> commitFiles(Principal principal, CommitUnfreezeRepoFilesI in) {
        return calls.commitFiles(principal, in.getWorkflow(), in.getWorkflowVid())
                .map(vid -> CommitUnfreezeRepoFilesO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<AbortUnfreezeRepoFilesO> abortFiles(Principal principal, AbortUnfreezeRepoFilesI in) {
        return calls.abortFiles(
                        principal, in.getWorkflow(), in.getWorkflowVid(), in.getStatusCode(), in.getStatusMessage())
                .map(vid -> AbortUnfreezeRepoFilesO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<CommitUnfreezeRepoO> commit(Principal principal, CommitUnfreezeRepoI in) {
        return calls.commit(principal, in.getWorkflow(), in.getWorkflowVid())
                .map(versions -> CommitUnfreezeRepoO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(versions.workflow()))
                        .setWorkflowIndexVid(WireFields.bytes(versions.index()))
                        .build());
    }

    Mono<AbortUnfreezeRepoO> abort(Principal principal, AbortUnfreezeRepoI in) {
        return calls.abort(principal, in.getWorkflow(), in.getWorkflowVid(), in.getStatusCode(), in.getStatusMessage())
                .map(versions -> AbortUnfreezeRepoO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(versions.workflow()))
                        .setWorkflowIndexVid(WireFields.bytes(versions.index()))
                        .build());
    }

    Mono<GetUnfreezeRepoO> get(Principal principal, GetUnfreezeRepoI in) {
        return calls.get(principal, in.getWorkflow(), in.getJobControl() == JobControl.JC_WAIT)
                .map(status -> GetUnfreezeRepoO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(status.workflow()))
                        .setRegistry(status.registry())
                        .setRepoId(status.repo())
                        .setStatusCode(status.code())
                        .setStatusMessage(status.message())
                        .build());
    }
}
