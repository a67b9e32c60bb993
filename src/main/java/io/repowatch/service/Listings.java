package io.repowatch.service;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.v1.RegistryListingGrpc;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The repos of a registry of any size: in parts where the server can, otherwise in one large message. */
final class Listings {
    private static final long DEADLINE_MINUTES = 10;

    private Listings() {}

    /** The repos at or below a prefix, in parts of which there is at least one, ordered by path. Blocks while it is read. */
    static Iterator<GetReposO> repos(Channel channel, GetReposI request) {
        try {
            Iterator<GetReposO> parts = RegistryListingGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_MINUTES, TimeUnit.MINUTES)
                    .listRepos(request);
            // The answer to a call that does not exist comes with the first look.
            return parts.hasNext()
                    ? parts
                    : List.of(GetReposO.getDefaultInstance()).iterator();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
                throw e;
            }
            return List.of(RegistryGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(DEADLINE_MINUTES, TimeUnit.MINUTES)
                            .getRepos(request))
                    .iterator();
        }
    }
}
