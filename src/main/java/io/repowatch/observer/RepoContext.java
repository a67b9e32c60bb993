package io.repowatch.observer;

/**
 * What the activities of many repos have in common, so that each holds one reference.
 *
 * @param work the rules and ports
 * @param chains the chains that the activities are links of
 */
record RepoContext(RepoWork work, RepoChains chains) {}
