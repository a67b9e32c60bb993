package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Begins a freeze or unfreeze: workflow, index, registry and repo learn it in one append, after which the files may be worked
 * on (registry specification §5.3, S8 up to FILES_STARTED). What is refused stores nothing. The same request with the same
 * workflow id may be repeated: it gets the first answer.
 */
final class BeginStorageCall {
    static final String USED = "rejected workflow ID: " + ClaimedId.USED;

    private final StorageChange change;
    private final CommandLoops loops;
    private final Authorizer authorizer;

    BeginStorageCall(StorageChange change, CommandLoops loops, Authorizer authorizer) {
        this.change = change;
        this.loops = loops;
        this.authorizer = authorizer;
    }

    /** The fields of the request, still unchecked. */
    record Request(
            String registry,
            ByteString registryVid,
            ByteString repo,
            ByteString repoVid,
            ByteString workflow,
            GitUser author) {}

    /** The versions of all streams that took part. */
    record Begun(Vid registry, Vid repo, Vid index, Vid workflow) {}

    Mono<Begun> begin(Principal principal, Request in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.registry());
            UUID repo = WireFields.repo(in.repo());
            UUID workflow = WireFields.workflow(in.workflow());
            if (workflow.equals(EntityIds.NIL)) {
                throw WireFields.invalid("malformed workflow ID: it is all zero");
            } else if (ClaimedId.isIndex(name, workflow)) {
                throw refused(USED);
            }
            requireAuthor(in.author());
            return loops.registry(name)
                    .flatMap(target -> target.submit(new Begin(principal, in, name, repo, workflow)));
        });
    }

    private void requireAuthor(GitUser author) {
        if (author.getName().isEmpty()) {
            throw WireFields.invalid(change.errorPrefix() + "missing author name");
        } else if (author.getEmail().isEmpty()) {
            throw WireFields.invalid(change.errorPrefix() + "missing author email");
        }
    }

    private final class Begin implements Transaction<Begun> {
        private final Principal principal;
        private final Request request;
        private final UUID repoId;
        private final UUID workflowId;
        private final @Nullable Vid registryVid;
        private final @Nullable Vid repoVid;
        private final AggregateRef<RegistryState, RegistryEvent> registry;
        private final AggregateRef<RepoState, RepoEvent> repo;
        private final AggregateRef<EphemeralState, WorkflowEvent> workflow;
        private final AggregateRef<IndexState, WorkflowEvent> index;

        Begin(Principal principal, Request request, String name, UUID repoId, UUID workflowId) {
            this.principal = principal;
            this.request = request;
            this.repoId = repoId;
            this.workflowId = workflowId;
            this.registryVid = WireFields.expectedVid(request.registryVid());
            this.repoVid = WireFields.expectedVid(request.repoVid());
            this.registry = AggregateRef.registry(name);
            this.repo = AggregateRef.repo(repoId);
            this.workflow = EphemeralAggregate.ref(workflowId);
            this.index = IndexAggregate.ref(name);
        }

        @Override
        public List<AggregateRef<?, ?>> needs() {
            return List.of(repo, workflow, index);
        }

        @Override
        public UUID claims() {
            return workflowId;
        }

        @Override
        public Begun run(UnitOfWork unit) {
            RegistryState state = unit.state(registry);
            RegistryRepo known = state.repo(repoId);
            if (known == null) {
                throw WireFields.rejected(Status.Code.NOT_FOUND, RegistryRepoCommands.UNKNOWN_REPO);
            }
            authorizer.check(principal, change.requestAction(), AccessScope.path(new GlobalPath(known.path())));
            FreezeCommands.Init init = new FreezeCommands.Init(change, start(known));
            if (unit.state(workflow) instanceof FreezeState begun && init.isSame(begun)) {
                // Before the versions are checked: whoever lost the first answer repeats the request as it was.
                return answeredAgain(unit, begun);
            }
            if (unit.isClaimUsed()) {
                throw refused(USED);
            }
            expect(unit.vid(registry), registryVid);
            expect(unit.vid(repo), repoVid);
            requirePossible(state, known, unit.state(repo));
            return begun(unit, init, known.path());
        }

        private WorkflowEvent start(RegistryRepo known) {
            WorkflowEvent.Builder start = WorkflowEvent.newBuilder()
                    .setEvent(change.started())
                    .setRegistryId(WireFields.bytes(registry.entity()))
                    .setFsoRegistryName(request.registry())
                    .setRepoId(request.repo())
                    .setGitAuthor(request.author())
                    .setFsoRepoInitInfo(FsoRepoInitInfo.newBuilder().setGlobalPath(known.path()));
            if (registryVid != null) {
                start.setRegistryEventId(WireFields.bytes(registryVid));
            }
            if (repoVid != null) {
                start.setRepoEventId(WireFields.bytes(repoVid));
            }
            return start.build();
        }

        /** The refusals that existing clients know by these words, before the aggregates are asked. */
        private void requirePossible(RegistryState state, RegistryRepo known, RepoState repoState) {
            if (!change.mayBegin(known.tier())) {
                throw refused("registry: conflicting repo storage state");
            } else if (change == StorageChange.FREEZE && !StorageCommands.isLeaf(state, known)) {
                throw refused("registry: not a leaf repo");
            } else if (!repoState.error().isEmpty()) {
                throw refused("repo has stored error");
            }
        }

        private Begun begun(UnitOfWork unit, FreezeCommands.Init init, String path) {
            Vid started = unit.perform(workflow, init);
            Vid listed =
                    unit.perform(index, new IndexCommands.Begin(IndexedKind.of(change), workflowId, started, path));
            Vid inRegistry = unit.perform(registry, new StorageCommands.RegistryBegin(change, repoId, workflowId));
            Vid inRepo = unit.perform(repo, new StorageCommands.RepoBegin(change, workflowId));
            return new Begun(inRegistry, inRepo, listed, unit.perform(workflow, new FreezeCommands.BeginFiles(change)));
        }

        /** The first answer again; only the version of the index is the current one, if a snapshot hides the first. */
        private Begun answeredAgain(UnitOfWork unit, FreezeState begun) {
            RegistryRepo known = unit.state(registry).repo(repoId);
            IndexEntry entry = unit.state(index).entry(workflowId);
            return new Begun(
                    answered(known == null ? null : known.storageWorkflow(), unit.vid(registry)),
                    answered(unit.state(repo).storageWorkflow(), unit.vid(repo)),
                    entry == null || entry.listed().isEpoch() ? unit.vid(index) : entry.listed(),
                    begun.begun());
        }

        private Vid answered(@Nullable StorageWork last, Vid current) {
            Vid begun = StorageWork.begun(last, workflowId);
            return begun == null ? current : begun;
        }
    }

    private static void expect(Vid stored, @Nullable Vid expected) {
        if (expected != null && !expected.equals(stored)) {
            throw refused("version conflict: stored VID " + stored + " != expected VID " + expected);
        }
    }

    private static RuntimeException refused(String text) {
        return WireFields.rejected(Status.Code.FAILED_PRECONDITION, text);
    }
}
