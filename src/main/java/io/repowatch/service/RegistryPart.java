package io.repowatch.service;

import io.grpc.BindableService;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.JournalException;
import io.repowatch.registry.MoveAccept;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import io.repowatch.registry.RegistryServices;
import java.nio.file.Path;
import java.util.List;

/**
 * A registry on the journal of a data directory.
 *
 * @param journal where it keeps everything
 * @param registry the commands and queries
 */
record RegistryPart(EmbeddedJournal journal, Registry registry) {
    private static final int READERS = 4;

    /** Opens the journal; blocks. A {@link Failure} says why it cannot be opened. */
    static RegistryPart open(Basics basics, Path data, MoveAccept moveAccept) {
        EmbeddedJournal journal = openJournal(basics.lifecycle(), data);
        basics.metrics().show(journal);
        Registry registry = Registry.open(
                journal,
                RegistryConfig.builder(basics.callbacks(), basics.random())
                        .clock(basics.clock())
                        .authorizer(Basics.AUTHORIZER)
                        .moveAccept(moveAccept)
                        .build());
        basics.lifecycle().onClose(registry::close);
        return new RegistryPart(journal, registry);
    }

    private static EmbeddedJournal openJournal(Lifecycle lifecycle, Path data) {
        try {
            EmbeddedJournal journal = EmbeddedJournal.open(
                    data.resolve("journal"),
                    EmbeddedConfig.builder(lifecycle.blocking(READERS, "repowatch-journal-reads"))
                            .build());
            lifecycle.onClose(journal::close);
            return journal;
        } catch (JournalException e) {
            throw Failure.refused(String.valueOf(e.getMessage()), e);
        }
    }

    List<BindableService> services() {
        return RegistryServices.of(registry, Basics.CALLER);
    }
}
