package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.journal.Journal;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The requests about one repo. What decides about access is the repo's current path, so the repo is loaded first. */
final class RepoCalls {
    private static final String CONFIRM_REPO = "fso/confirm-repo";
    private static final int MAX_ERROR_BYTES = 200;

    private final Journal journal;
    private final CommandLoops loops;
    private final Authorizer authorizer;

    RepoCalls(Journal journal, CommandLoops loops, Authorizer authorizer) {
        this.journal = journal;
        this.loops = loops;
        this.authorizer = authorizer;
    }

    Mono<GetRepoO> getRepo(Principal principal, GetRepoI in) {
        return Mono.defer(() -> {
            UUID id = WireFields.repo(in.getRepo());
            return authorized(principal, id).map(snapshot -> described(id, snapshot));
        });
    }

    /** Emits the newest durable state of a repo that the caller may read. */
    Mono<Snapshot<RepoState>> authorized(Principal principal, UUID id) {
        return Replay.of(journal, AggregateRef.repo(id))
                .doOnNext(snapshot -> authorize(principal, "fso/read-repo", snapshot.state()));
    }

    /** Asks for an action on a repo, which has to have begun. */
    void authorize(Principal principal, String action, RepoState state) {
        if (!state.initialized()) {
            throw CommandLoops.uninitializedRepo();
        }
        authorizer.check(
                principal, action, AccessScope.path(new GlobalPath(state.init().getGlobalPath())));
    }

    Journal journal() {
        return journal;
    }

    Mono<ByteString> confirmShadow(Principal principal, ConfirmShadowI in) {
        RepoCommands.ConfirmShadow command = new RepoCommands.ConfirmShadow(in.getShadowPath());
        return perform(principal, CONFIRM_REPO, in.getRepo(), in.getVid(), command);
    }

    Mono<ByteString> confirmGit(Principal principal, ConfirmGitI in) {
        RepoCommands.ConfirmGit command = new RepoCommands.ConfirmGit(in.getGitlabProjectId());
        return perform(principal, CONFIRM_REPO, in.getRepo(), in.getVid(), command);
    }

    Mono<ByteString> setRepoError(Principal principal, SetRepoErrorI in) {
        String message = in.getErrorMessage();
        Command<RepoState, RepoEvent> command = state -> {
            // Unlike other refusals this one has no prefix where it is known.
            if (message.getBytes(StandardCharsets.UTF_8).length > MAX_ERROR_BYTES) {
                throw WireFields.invalid("error message too long");
            }
            return new RepoCommands.SetError(message).decide(state);
        };
        return perform(principal, CONFIRM_REPO, in.getRepo(), in.getVid(), command);
    }

    Mono<ByteString> clearRepoError(Principal principal, ClearRepoErrorI in) {
        RepoCommands.ClearError command = new RepoCommands.ClearError(in.getErrorMessage());
        return perform(principal, "fso/init-repo", in.getRepo(), in.getVid(), command);
    }

    private Mono<ByteString> perform(
            Principal principal,
            String action,
            ByteString repoId,
            ByteString vid,
            Command<RepoState, RepoEvent> command) {
        return Mono.defer(() -> {
            UUID id = WireFields.repo(repoId);
            var repo = AggregateRef.repo(id);
            return loops.ofRepo(id)
                    .flatMap(target -> target.submit(Transaction.needing(repo, unit -> {
                        authorize(principal, action, unit.state(repo));
                        unit.expect(repo, WireFields.expectedVid(vid));
                        return WireFields.bytes(unit.perform(repo, command));
                    })));
        });
    }

    private static GetRepoO described(UUID id, Snapshot<RepoState> snapshot) {
        RepoState state = snapshot.state();
        FsoRepoInitInfo init = state.init();
        return GetRepoO.newBuilder()
                .setRepo(WireFields.bytes(id))
                .setVid(WireFields.bytes(snapshot.vid()))
                .setRegistry(init.getRegistry())
                .setGlobalPath(init.getGlobalPath())
                .setFile(init.getFileHost() + ":" + init.getHostPath())
                .setShadow(located(init.getFileHost(), state.shadowPath()))
                .setArchive(state.backup().archiveUrl())
                .addAllArchiveRecipients(state.backup().archiveRecipients())
                .setShadowBackup(state.backup().shadowBackupUrl())
                .addAllShadowBackupRecipients(state.backup().shadowBackupRecipients())
                .setStorageTier(state.tier())
                .setGitlab(located(init.getGitlabHost(), init.getGitlabPath()))
                .setGitlabProjectId(state.gitlabProjectId())
                .setErrorMessage(state.error())
                .build();
    }

    private static String located(String host, String path) {
        return path.isEmpty() ? "" : host + ":" + path;
    }
}
