package io.repowatch.service;

import io.grpc.Channel;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoI;
import io.repowatch.wire.nogfso.FreezeRepoGrpc;
import io.repowatch.wire.nogfso.GetFreezeRepoI;
import io.repowatch.wire.nogfso.GetFreezeRepoO;
import io.repowatch.wire.nogfso.GetUnfreezeRepoI;
import io.repowatch.wire.nogfso.GetUnfreezeRepoO;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.UnfreezeRepoGrpc;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The calls of freezing and of unfreezing, which differ by their names only. They block. */
enum FreezeCalls {
    FREEZE {
        @Override
        void begin(Channel channel, String registry, UUID repo, UUID workflow, Author author) {
            var unused = FreezeRepoGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .beginFreezeRepo(BeginFreezeRepoI.newBuilder()
                            .setRegistry(registry)
                            .setRepo(WireText.bytes(repo))
                            .setWorkflow(WireText.bytes(workflow))
                            .setAuthorName(author.name())
                            .setAuthorEmail(author.email())
                            .build());
        }

        @Override
        Status get(Channel channel, UUID workflow, JobControl control, @Nullable Duration limit) {
            FreezeRepoGrpc.FreezeRepoBlockingStub stub = FreezeRepoGrpc.newBlockingStub(channel);
            GetFreezeRepoO reply = (limit == null
                            ? stub
                            : stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .getFreezeRepo(GetFreezeRepoI.newBuilder()
                            .setWorkflow(WireText.bytes(workflow))
                            .setJobControl(control)
                            .build());
            return new Status(reply.getStatusCode(), reply.getStatusMessage());
        }
    },
    UNFREEZE {
        @Override
        void begin(Channel channel, String registry, UUID repo, UUID workflow, Author author) {
            var unused = UnfreezeRepoGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ClientOptions.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .beginUnfreezeRepo(BeginUnfreezeRepoI.newBuilder()
                            .setRegistry(registry)
                            .setRepo(WireText.bytes(repo))
                            .setWorkflow(WireText.bytes(workflow))
                            .setAuthorName(author.name())
                            .setAuthorEmail(author.email())
                            .build());
        }

        @Override
        Status get(Channel channel, UUID workflow, JobControl control, @Nullable Duration limit) {
            UnfreezeRepoGrpc.UnfreezeRepoBlockingStub stub = UnfreezeRepoGrpc.newBlockingStub(channel);
            GetUnfreezeRepoO reply = (limit == null
                            ? stub
                            : stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .getUnfreezeRepo(GetUnfreezeRepoI.newBuilder()
                            .setWorkflow(WireText.bytes(workflow))
                            .setJobControl(control)
                            .build());
            return new Status(reply.getStatusCode(), reply.getStatusMessage());
        }
    };

    /**
     * How far it is.
     *
     * @param code 0 for done, 100 while it runs, anything else for how it failed
     * @param message in words
     */
    record Status(int code, String message) {
        private static final int RUNNING = 100;

        /** The files have failed, and registry and repo are about to say so. */
        private static final int FAILING = 101;

        boolean isRunning() {
            return code == RUNNING || code == FAILING;
        }

        String state() {
            return code == 0 ? "completed" : isRunning() ? "running" : "failed";
        }
    }

    /** Begins it. */
    abstract void begin(Channel channel, String registry, UUID repo, UUID workflow, Author author);

    /** How far it is; with {@code JC_WAIT} when it has ended. Fails with DEADLINE_EXCEEDED after {@code limit}. */
    abstract Status get(Channel channel, UUID workflow, JobControl control, @Nullable Duration limit);

    /** The kind of the workflow. */
    String kind() {
        return this == FREEZE ? "freeze-repo" : "unfreeze-repo";
    }
}
