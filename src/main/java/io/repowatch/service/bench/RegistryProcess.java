package io.repowatch.service.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A registry's process on data made for it. Closing it kills it.
 *
 * @param process the process
 * @param port where it serves on loopback
 * @param log where the processes that are started here say what goes wrong
 */
record RegistryProcess(Child process, int port, Path log) implements AutoCloseable {
    /**
     * Makes the data and starts the process on it.
     *
     * @param folder where the data is made
     * @param flags of its virtual machine
     */
    static RegistryProcess start(Workshop workshop, String folder, Dataset dataset, List<String> flags)
            throws IOException {
        workshop.say("making the data");
        Path data = workshop.folder(folder);
        dataset.fill(data);
        return on(workshop, data, flags);
    }

    /**
     * Starts the process on data that is there.
     *
     * @param flags of its virtual machine
     */
    static RegistryProcess on(Workshop workshop, Path data, List<String> flags) throws IOException {
        workshop.say("starting the registry");
        Child process = Child.repowatch(
                workshop.log(),
                flags,
                "registry",
                "--data",
                data.toString(),
                "--registry",
                Dataset.REGISTRY,
                "--grpc",
                "127.0.0.1:0");
        int port = Integer.parseInt(process.awaitLine("repowatch ready ").replaceAll(".* grpc=\\S+:(\\d+) .*", "$1"));
        return new RegistryProcess(process, port, workshop.log());
    }

    /**
     * Starts an observer of it.
     *
     * @param flags of its virtual machine
     * @param more options
     */
    Child observer(List<String> flags, String... more) throws IOException {
        return observer(port, flags, more);
    }

    /** Starts an observer of it that connects to another port. */
    Child observer(int at, List<String> flags, String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                "observe",
                "--server",
                "127.0.0.1:" + at,
                "--registry",
                Dataset.REGISTRY,
                "--shadow-root",
                Dataset.SHADOWS,
                "--grpc",
                "127.0.0.1:0"));
        options.addAll(List.of(more));
        return Child.repowatch(log, flags, options.toArray(String[]::new));
    }

    @Override
    public void close() {
        process.close();
    }
}
