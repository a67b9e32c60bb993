package io.repowatch.service;

import io.repowatch.engine.StreamClass;
import java.util.function.Function;

/** One thing for each class of streams. */
record PerClass<T>(T repo, T general) {

    static <T> PerClass<T> make(Function<StreamClass, T> maker) {
        return new PerClass<>(maker.apply(StreamClass.REPO), maker.apply(StreamClass.GENERAL));
    }

    T of(StreamClass streamClass) {
        return switch (streamClass) {
            case REPO -> repo;
            case GENERAL -> general;
        };
    }
}
