package io.repowatch.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * The main aggregate: which registries there are.
 *
 * @param name the name of the server's name space, empty before it is initialised
 * @param registries the registries by their number in order of acceptance
 * @param numbers the number of each registry, by name
 */
record MainState(
        String name, PersistentMap<Integer, MainState.Entry> registries, PersistentMap<String, Integer> numbers) {

    /** One registry; it is confirmed once its own history has begun. */
    record Entry(String name, boolean confirmed) {}

    static final MainState INITIAL = new MainState("", PersistentMap.empty(), PersistentMap.empty());

    boolean initialized() {
        return !name.isEmpty();
    }

    boolean knows(String registry) {
        return numbers.containsKey(registry);
    }

    boolean confirmed(String registry) {
        Integer number = numbers.get(registry);
        Entry entry = number == null ? null : registries.get(number);
        return entry != null && entry.confirmed();
    }

    MainState named(String mainName) {
        return new MainState(mainName, registries, numbers);
    }

    MainState accepted(String registry) {
        int number = registries.size();
        return new MainState(name, registries.put(number, new Entry(registry, false)), numbers.put(registry, number));
    }

    MainState confirmedNow(String registry) {
        Integer number = numbers.get(registry);
        return number == null ? this : new MainState(name, registries.put(number, new Entry(registry, true)), numbers);
    }

    /** The names of all registries, in order of acceptance. */
    List<String> names() {
        List<String> names = new ArrayList<>(registries.size());
        registries.visitFrom(0, (number, entry) -> names.add(entry.name()));
        return names;
    }
}
