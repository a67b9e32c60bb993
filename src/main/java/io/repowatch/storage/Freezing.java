package io.repowatch.storage;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Freezes what it walks over: files and directories; links and other things stay as they are. A directory is frozen before its
 * names are listed, so nothing can be added to it or taken from it any more. What had something unusual is noted before that.
 */
final class Freezing implements TreeWalk.Visitor {
    private final FreezeRecord record;
    private final FreezeMethod method;
    private final FreezeStep.Listener steps;

    /** What files with several names had before: the second name finds them frozen already. */
    private final Map<Long, Integer> linked = new HashMap<>();

    private boolean noting;
    private long changes;

    Freezing(FreezeRecord record, FreezeStep.Listener steps) {
        this.record = record;
        this.method = record.method();
        this.steps = steps;
    }

    /** How many things were frozen, or could not be found any more, since the last time. */
    long takeChanges() {
        long taken = changes;
        changes = 0;
        return taken;
    }

    @Override
    public boolean enter(TreeWalk.Step directory) throws IOException {
        FileStat now = directory.opened().stat();
        noting = !method.isFrozen(now) || wasFrozenBefore(directory) && !record.isNoted(directory.path());
        if (noting) {
            note(directory, directory.opened().names());
        }
        freeze(directory.opened(), now, directory);
        return true;
    }

    private boolean wasFrozenBefore(TreeWalk.Step directory) {
        return record.names(directory.path()) && record.before(directory.path()) == method.frozenBits();
    }

    @Override
    public void listed(TreeWalk.Step directory, List<byte[]> names) throws IOException {
        if (!noting) {
            return;
        }
        note(directory, names);
        if (wasFrozenBefore(directory)) {
            record.noted(directory.path());
        }
    }

    private void note(TreeWalk.Step directory, List<byte[]> names) throws IOException {
        for (byte[] name : names) {
            FileStat stat = directory.opened().find(name);
            if (stat != null && (stat.isRegular() || stat.isDirectory())) {
                note(directory.path().child(name), stat);
            }
        }
        record.sync();
    }

    private void note(RelativePath path, FileStat stat) {
        if (record.isUnusual(stat) && !record.names(path)) {
            record.note(path, linked.getOrDefault(stat.inode(), method.bits(stat)));
        }
        remember(path, stat);
    }

    private void remember(RelativePath path, FileStat stat) {
        if (stat.isRegular() && stat.links() > 1) {
            linked.putIfAbsent(stat.inode(), record.before(path));
        }
    }

    @Override
    public void visit(TreeWalk.Step entry) throws IOException {
        if (!entry.stat().isRegular()) {
            return;
        }
        remember(entry.path(), entry.stat());
        if (!method.isFrozen(entry.stat())) {
            try (Handle file = entry.open()) {
                freeze(file, file.stat(), entry);
            }
        }
    }

    private void freeze(Handle thing, FileStat stat, TreeWalk.Step step) throws IOException {
        if (method.isFrozen(stat)) {
            return;
        }
        note(step.path(), stat);
        record.sync();
        try {
            method.set(thing, stat, method.frozenBits());
        } catch (Errno e) {
            throw step.explained(e);
        }
        changes++;
        steps.done(FreezeStep.CHANGED);
    }

    @Override
    public void leave(TreeWalk.Step directory) {}

    @Override
    public void changed() {
        changes++;
    }
}
