package io.repowatch.registry;

/** The status codes of workflows that the registry itself gives (registry specification §5.3); 0 is success. */
final class StatusCodes {
    /** The workflow runs. */
    static final int RUNNING = 100;

    /** It failed, without a more special code. */
    static final int FAILED = 101;

    private StatusCodes() {}
}
