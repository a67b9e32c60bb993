package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.BeginPingRegistryI;
import io.repowatch.wire.nogfso.BeginPingRegistryO;
import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.CommitPingRegistryO;
import io.repowatch.wire.nogfso.GetRegistryPingsI;
import io.repowatch.wire.nogfso.GetRegistryPingsO;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.PostServerPingSummaryI;
import io.repowatch.wire.nogfso.PostServerPingSummaryO;
import io.repowatch.wire.nogfso.ServerPingI;
import io.repowatch.wire.nogfso.ServerPingO;
import io.repowatch.wire.v1.LookupReply;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The requests of a ping-registry workflow (registry specification §4.6 and §5.3, S11), each one append. */
final class PingCalls implements WorkflowKind {
    private static final String ADMIN = "fso/admin-registry";
    private static final String EXECUTE = "fso/exec-ping-registry";

    private final EphemeralCalls workflows;
    private final Authorizer authorizer;

    PingCalls(EphemeralCalls workflows, Authorizer authorizer) {
        this.workflows = workflows;
        this.authorizer = authorizer;
    }

    Mono<BeginPingRegistryO> begin(Principal principal, BeginPingRegistryI in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.getRegistry());
            authorizer.check(principal, ADMIN, AccessScope.name(name));
            UUID id = WireFields.workflow(in.getWorkflow());
            if (id.equals(EntityIds.NIL)) {
                throw WireFields.invalid("malformed workflow ID: it is all zero");
            } else if (ClaimedId.isIndex(name, id)) {
                throw refused(BeginStorageCall.USED);
            }
            Vid expected = WireFields.expectedVid(in.getVid());
            var index = IndexAggregate.ref(name);
            return workflows
                    .loops()
                    .registry(name)
                    .flatMap(target -> target.submit(Transaction.claiming(
                            id, List.of(EphemeralAggregate.ref(id), index), unit -> begun(unit, name, id, expected))));
        });
    }

    private static BeginPingRegistryO begun(UnitOfWork unit, String name, UUID id, @Nullable Vid expected) {
        var workflow = EphemeralAggregate.ref(id);
        var index = IndexAggregate.ref(name);
        Vid registry = unit.vid(AggregateRef.registry(name));
        UUID registryId = EntityIds.registry(name);
        if (unit.state(workflow) instanceof PingState known
                && known.registryId().equals(registryId)) {
            IndexEntry entry = unit.state(index).entry(id);
            Vid listed = entry == null || entry.listed().isEpoch() ? unit.vid(index) : entry.listed();
            return begun(registry, listed, known.started());
        }
        if (unit.isClaimUsed()) {
            throw refused(BeginStorageCall.USED);
        }
        if (expected != null && !expected.equals(registry)) {
            throw refused("version conflict: stored VID " + registry + " != expected VID " + expected);
        }
        Vid started = unit.perform(workflow, new PingCommands.Init(registryId));
        Vid listed = unit.perform(index, new IndexCommands.Begin(IndexedKind.PING, id, started, ""));
        return begun(registry, listed, started);
    }

    private static BeginPingRegistryO begun(Vid registry, Vid index, Vid workflow) {
        return BeginPingRegistryO.newBuilder()
                .setRegistryVid(WireFields.bytes(registry))
                .setWorkflowIndexVid(WireFields.bytes(index))
                .setWorkflowVid(WireFields.bytes(workflow))
                .build();
    }

    Mono<ServerPingO> ping(Principal principal, ServerPingI in) {
        var command = new PingCommands.Append(in.getStatusCode(), in.getStatusMessage(), false);
        return perform(principal, EXECUTE, in.getWorkflow(), step -> {
                    step.expect(in.getWorkflowVid());
                    return step.perform(command);
                })
                .map(vid -> ServerPingO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<PostServerPingSummaryO> summarize(Principal principal, PostServerPingSummaryI in) {
        var command = new PingCommands.Summarize(in.getStatusCode(), in.getStatusMessage());
        return perform(principal, EXECUTE, in.getWorkflow(), step -> {
                    if (!step.isDone(command)) {
                        step.expect(in.getWorkflowVid());
                    }
                    return step.perform(command);
                })
                .map(vid -> PostServerPingSummaryO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(vid))
                        .build());
    }

    Mono<CommitPingRegistryO> commit(Principal principal, CommitPingRegistryI in) {
        return perform(principal, ADMIN, in.getWorkflow(), step -> {
                    if (!step.state().ended()) {
                        step.expect(in.getWorkflowVid());
                    }
                    step.end(false);
                    return step.versions();
                })
                .map(versions -> CommitPingRegistryO.newBuilder()
                        .setWorkflowVid(WireFields.bytes(versions.workflow()))
                        .setWorkflowIndexVid(WireFields.bytes(versions.index()))
                        .build());
    }

    Mono<GetRegistryPingsO> get(Principal principal, GetRegistryPingsI in) {
        return Mono.defer(() -> {
                    UUID id = WireFields.workflow(in.getWorkflow());
                    return owner(id).flatMap(name -> {
                        authorizer.check(principal, ADMIN, AccessScope.name(name));
                        return in.getJobControl() == JobControl.JC_WAIT
                                ? workflows.await(id, state -> state instanceof PingState ping && !ping.gathering())
                                : workflows.current(id);
                    });
                })
                .map(snapshot -> PingStatus.of(snapshot.vid(), (PingState) snapshot.state()));
    }

    @Override
    public Mono<Vid> abort(Principal principal, CommandLoops.RegistryLoop target, Begun begun, Abortion abortion) {
        return perform(principal, ADMIN, WireFields.bytes(begun.workflow()), step -> {
            step.end(true);
            return step.versions().workflow();
        });
    }

    @Override
    public Mono<LookupReply.Builder> lookup(Principal principal, Begun begun) {
        return owner(begun.workflow())
                .doOnNext(name -> authorizer.check(principal, "fso/read-registry", AccessScope.name(name)))
                .then(workflows.current(begun.workflow()))
                .map(snapshot -> PingStatus.lookup(snapshot.vid(), (PingState) snapshot.state()));
    }

    private static CommandRejectedException refused(String text) {
        return WireFields.rejected(Status.Code.FAILED_PRECONDITION, text);
    }

    /** Carries out what the registry itself does because time has passed. */
    <R> Mono<R> performInternally(String registry, UUID workflow, Function<PingStep, R> body) {
        return workflows
                .loops()
                .registry(registry)
                .flatMap(target -> target.submit(Transaction.needing(
                        PingStep.needs(registry, workflow),
                        unit -> body.apply(new PingStep(unit, registry, workflow)))));
    }

    private <R> Mono<R> perform(Principal principal, String action, ByteString workflow, Function<PingStep, R> body) {
        return Mono.defer(() -> {
            UUID id = WireFields.workflow(workflow);
            return owner(id).flatMap(name -> {
                authorizer.check(principal, action, AccessScope.name(name));
                return performInternally(name, id, body);
            });
        });
    }

    /** Emits the name of the registry that a ping belongs to; refuses what is none. */
    private Mono<String> owner(UUID id) {
        return workflows
                .begun(id)
                .defaultIfEmpty(EphemeralState.None.NONE)
                .flatMap(state -> state instanceof PingState ping
                        ? workflows.registryName(ping.registryId())
                        : Mono.<String>error(missing(state)))
                .switchIfEmpty(Mono.error(() -> WireFields.rejected(
                        Status.Code.INTERNAL, PingCommands.PREFIX + "its registry does not exist")));
    }

    private static CommandRejectedException missing(EphemeralState state) {
        return UnitOfWork.rejected(EphemeralAggregate.INSTANCE, PingCommands.missing(state));
    }
}
