package io.repowatch.registry;

import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRegistriesO;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRegistryO;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryMainInfo;
import io.repowatch.wire.v1.MainEvent;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The requests that main answers: which registries there are, and adding one. */
final class MainCalls {
    private static final String MAIN = "main";

    private final CommandLoops loops;
    private final Authorizer authorizer;
    private final AggregateRef<MainState, MainEvent> main = AggregateRef.main();

    MainCalls(CommandLoops loops, Authorizer authorizer) {
        this.loops = loops;
        this.authorizer = authorizer;
    }

    Mono<GetRegistriesO> getRegistries(Principal principal) {
        return Mono.defer(() -> {
            authorizer.check(principal, "fso/read-main", AccessScope.name(MAIN));
            return loops.main().current(main).map(MainCalls::listed);
        });
    }

    private static GetRegistriesO listed(Snapshot<MainState> snapshot) {
        GetRegistriesO.Builder reply =
                GetRegistriesO.newBuilder().setMain(MAIN).setVid(WireFields.bytes(snapshot.vid()));
        snapshot.state().registries().visitFrom(0, (number, entry) -> {
            reply.addRegistries(
                    RegistryMainInfo.newBuilder().setName(entry.name()).setConfirmed(entry.confirmed()));
            return true;
        });
        return reply.build();
    }

    Mono<InitRegistryO> initRegistry(Principal principal, InitRegistryI request) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(request.getRegistry());
            authorizer.check(principal, "fso/init-registry", AccessScope.name(name));
            Vid expected = WireFields.expectedVid(request.getMainVid());
            return loops.main()
                    .submit(unit -> init(unit, name, expected))
                    .map(vid -> InitRegistryO.newBuilder()
                            .setMainVid(WireFields.bytes(vid))
                            .build());
        });
    }

    /** All steps at once, so no crash can leave a registry that is accepted and does not exist. */
    private Vid init(UnitOfWork unit, String name, @Nullable Vid expected) {
        unit.expect(main, expected);
        unit.perform(main, new MainAggregate.Init(MAIN));
        if (!unit.state(main).knows(name)) {
            AggregateRef<RegistryState, RegistryEvent> registry = AggregateRef.registry(name);
            unit.assumeEmpty(registry);
            unit.perform(main, new MainAggregate.AcceptRegistry(name));
            unit.perform(registry, new RegistryAggregate.Init(name));
        }
        return unit.perform(main, new MainAggregate.ConfirmRegistry(name));
    }
}
