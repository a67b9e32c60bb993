package io.repowatch.observer;

import java.util.UUID;

/**
 * A freeze or unfreeze as its workflow's first event describes it (registry specification §3.6). Immutable.
 *
 * @param repo the repo
 * @param workflow the workflow
 * @param authorName who asks for it: the author of the commit that records it
 * @param authorEmail who asks for it
 */
public record FreezeRequest(UUID repo, UUID workflow, String authorName, String authorEmail) {}
