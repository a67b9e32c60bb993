package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Given a history, when a command comes, then these events or this refusal. */
final class Deciding<S, E extends Message> {
    private final Aggregate<S, E> aggregate;
    private S state;
    private Vid tail = Vid.EPOCH;
    private Decision<E> decision = Decision.nothing();

    Deciding(Aggregate<S, E> aggregate) {
        this.aggregate = aggregate;
        this.state = aggregate.initial();
    }

    static Deciding<RegistryState, RegistryEvent> registry() {
        return new Deciding<>(RegistryAggregate.INSTANCE);
    }

    static Deciding<RepoState, RepoEvent> repo() {
        return new Deciding<>(RepoAggregate.INSTANCE);
    }

    Deciding<S, E> given(E event) {
        Vid id = new Vid(1, tail.lo() + 1);
        state = aggregate.evolve(state, aggregate.identified(event, id, tail));
        tail = id;
        return this;
    }

    /** Carries a command out that has to be accepted. */
    Deciding<S, E> given(Command<S, E> command) {
        when(command);
        events().forEach(this::given);
        return this;
    }

    Deciding<S, E> when(Command<S, E> command) {
        decision = command.decide(state);
        return this;
    }

    List<E> events() {
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return ((Decision.Accepted<E>) decision).events();
    }

    /** Checks the events, in the text form of protobuf on one line each, where ids are 16 characters. */
    Deciding<S, E> then(String... events) {
        assertThat(events().stream().map(Deciding::line).toList()).containsExactly(events);
        events().forEach(this::given);
        return this;
    }

    Deciding<S, E> thenRefused(String codeAndText) {
        assertThat(decision).isInstanceOf(Decision.Rejected.class);
        Rejection rejection = ((Decision.Rejected<E>) decision).rejection();
        assertThat(rejection.code() + " " + rejection.text()).isEqualTo(codeAndText);
        return this;
    }

    S state() {
        return state;
    }

    private static String line(Message event) {
        return Stream.of(event.toString().split("\n")).map(String::strip).collect(Collectors.joining(" "));
    }
}
