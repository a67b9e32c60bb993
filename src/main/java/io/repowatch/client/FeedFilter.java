package io.repowatch.client;

import io.repowatch.wire.v1.ChangesRequest;
import java.util.List;

/**
 * Which changes an observer wants to hear of, so that a server of many registries need not tell it of the others. A server may
 * tell more. Immutable.
 *
 * @param registries names of registries; none for all
 * @param prefixes global paths: only repos at or below one of them; none, or {@code /}, for all
 */
public record FeedFilter(List<String> registries, List<String> prefixes) {

    /** Everything. */
    public static final FeedFilter ALL = new FeedFilter(List.of(), List.of());

    /** Copies the lists. */
    public FeedFilter {
        registries = List.copyOf(registries);
        prefixes = prefixes.contains("/") ? List.of() : List.copyOf(prefixes);
    }

    ChangesRequest request() {
        return ChangesRequest.newBuilder()
                .addAllRegistries(registries)
                .addAllPrefixes(prefixes)
                .build();
    }
}
