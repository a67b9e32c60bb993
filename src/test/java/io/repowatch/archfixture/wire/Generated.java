package io.repowatch.archfixture.wire;

import java.util.UUID;

/** Generated code obeys no rule but one: it knows nothing of ours. */
public class Generated {
    static Object random() {
        return UUID.randomUUID();
    }
}
