package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rows of registry specification §3.1 that are not peripheral. */
class MainAggregateTest {
    @Test
    void registriesAreAcceptedAndConfirmedOnce() {
        var main = new Deciding<>(MainAggregate.INSTANCE)
                .when(new MainAggregate.Init("main"))
                .then("event: MAIN_INITIALIZED main_name: \"main\"")
                .when(new MainAggregate.Init("main"))
                .then()
                .when(new MainAggregate.Init("other"))
                .thenRefused("ALREADY_EXISTS init conflict")
                .when(new MainAggregate.ConfirmRegistry("a"))
                .thenRefused("NOT_FOUND unknown registry")
                .when(new MainAggregate.AcceptRegistry("b"))
                .then("event: REGISTRY_ACCEPTED registry_name: \"b\"")
                .when(new MainAggregate.AcceptRegistry("b"))
                .then()
                .when(new MainAggregate.AcceptRegistry("a"))
                .then("event: REGISTRY_ACCEPTED registry_name: \"a\"")
                .when(new MainAggregate.ConfirmRegistry("b"))
                .then("event: REGISTRY_CONFIRMED registry_name: \"b\"")
                .when(new MainAggregate.ConfirmRegistry("b"))
                .then();
        assertThat(main.state().registries().get(0)).isEqualTo(new MainState.Entry("b", true));
        assertThat(main.state().registries().get(1)).isEqualTo(new MainState.Entry("a", false));
    }
}
