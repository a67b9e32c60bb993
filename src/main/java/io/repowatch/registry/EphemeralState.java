package io.repowatch.registry;

/** The state of a workflow of a registry: of which kind it is, its first event says. Immutable. */
sealed interface EphemeralState permits EphemeralState.None, EphemeralState.Other, FreezeState, PingState {

    /** Nothing has begun under this id. */
    enum None implements EphemeralState {
        NONE
    }

    /** A workflow of a kind that this registry does not carry out, or what is no workflow at all. */
    enum Other implements EphemeralState {
        OTHER
    }
}
