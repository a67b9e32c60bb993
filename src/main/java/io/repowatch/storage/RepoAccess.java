package io.repowatch.storage;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.observer.RepoInfo;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The way from a request to an enabled repo: the id, the table, the authorizer, in this order (storage specification §4). */
final class RepoAccess {
    private final RepoTable table;
    private final Authorizer authorizer;
    private final Supplier<Principal> principal;

    RepoAccess(RepoTable table, Authorizer authorizer, Supplier<Principal> principal) {
        this.table = table;
        this.authorizer = authorizer;
        this.principal = principal;
    }

    /** Who calls. To be asked on the thread that starts the call. */
    Principal caller() {
        return principal.get();
    }

    UUID id(ByteString bytes) {
        try {
            return EntityIds.of(bytes.toByteArray());
        } catch (IllegalArgumentException e) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("malformed repo id: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    /** An enabled repo that the caller may do this to, at this moment. */
    RepoInfo require(Principal caller, UUID repo, String action) {
        RepoInfo info = table.find(repo).orElseThrow(() -> new RepoNotEnabledException(repo));
        authorizer.check(caller, action, AccessScope.path(info.globalPath()));
        return info;
    }

    /** Fails unless the repo is still where it was, and the caller may still do this to it. */
    void requireStill(Principal caller, RepoInfo info, String action) {
        RepoInfo now = require(caller, info.id(), action);
        if (!now.hostPath().equals(info.hostPath()) || !now.shadowPath().equals(info.shadowPath())) {
            throw new BusyException("the repo has moved to " + now.globalPath() + "; ask again");
        }
    }

    /** As {@link #require}, and again when the lock is held: the repo may have moved or gone meanwhile. */
    <T> Mono<T> withRepo(Principal caller, UUID repo, String action, Function<RepoInfo, Mono<T>> operation) {
        return Mono.defer(() -> {
            require(caller, repo, action);
            return table.withRepo(repo, info -> {
                authorizer.check(caller, action, AccessScope.path(info.globalPath()));
                return operation.apply(info);
            });
        });
    }
}
