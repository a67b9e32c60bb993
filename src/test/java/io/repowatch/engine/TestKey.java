package io.repowatch.engine;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A stream of strings; two keys with equal entity names are woken together. */
record TestKey(String name, UUID entity, StreamClass streamClass) implements StreamKey<String> {

    static TestKey repo(String name) {
        return new TestKey(name, entity(name), StreamClass.REPO);
    }

    static TestKey general(String name) {
        return new TestKey(name, entity(name), StreamClass.GENERAL);
    }

    static UUID entity(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return name;
    }
}
