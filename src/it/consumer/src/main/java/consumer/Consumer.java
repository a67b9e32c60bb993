package consumer;

import io.grpc.ManagedChannel;
import io.repowatch.client.Channels;
import io.repowatch.client.ClientConfig;
import io.repowatch.client.GrpcEventSource;
import io.repowatch.client.GrpcRegistryCommands;
import io.repowatch.engine.Activity;
import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.Event;
import io.repowatch.engine.Step;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.Observation;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Another Reactor application: prints what an observer sees first, then the history of a registry by an activity of its own. */
final class Consumer {
    private Consumer() {}

    public static void main(String[] args) {
        ManagedChannel channel =
                Channels.plaintext(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        Observer observer = Observer.builder(
                        ObserverConfig.builder().registry("local").prefix("/").build())
                .source(new GrpcEventSource(channel, ClientConfig.defaults()))
                .commands(new GrpcRegistryCommands(channel, ClientConfig.defaults()))
                .initializer(new NoShadows())
                .processor(new Printing())
                .callbacks(Schedulers.parallel())
                .timer(Schedulers.parallel())
                .clock(InstantSource.system())
                .random(new SecureRandom())
                .build();
        Observation first = observer.watch().blockFirst();
        System.out.println("first observation: " + first);

        System.out.println("repos in the history: " + countRepos(channel));
        channel.shutdownNow();
    }

    private static int countRepos(ManagedChannel channel) {
        Scheduler callbacks = Schedulers.parallel();
        ActivityEngine engine = ActivityEngine.builder(new GrpcEventSource(channel, ClientConfig.defaults()))
                .scheduler(callbacks)
                .random(new SecureRandom())
                .build();
        Counting counting = new Counting();
        Mono<Void> counted = engine.run(new RegistryKey("local"), (key, scope) -> counting);
        Mono.firstWithSignal(counted, engine.serve()).block();
        return counting.repos;
    }

    /** Counts the repos of a registry's history, and quits. */
    private static final class Counting implements Activity<RegistryEvent> {
        private int repos;

        @Override
        public void replay(Event<RegistryEvent> event) {
            if (event.body().getEvent() == RegistryEvent.Type.EV_FSO_REPO_ADDED) {
                repos++;
            }
        }

        @Override
        public Mono<Step> quiesced() {
            return Step.quit();
        }

        @Override
        public Mono<Step> live(Event<RegistryEvent> event) {
            return Step.next();
        }
    }

    /** Takes every shadow for made. */
    private static final class NoShadows implements Initializer {
        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return Mono.justOrEmpty(RepoInfo.of(state));
        }

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return Mono.empty();
        }
    }

    /** Says what is enabled. */
    private static final class Printing implements Processor {
        @Override
        public Mono<Void> enable(RepoInfo info) {
            return Mono.fromRunnable(() -> System.out.println("enabled " + info.globalPath()));
        }

        @Override
        public Mono<Void> disable(UUID repo) {
            return Mono.empty();
        }
    }
}
