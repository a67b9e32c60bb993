package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;

/** The files of the stub branch, which every other branch begins with. */
final class StubTree {
    private static final int MAX_CONTENT = 64 * 1024;

    private final Map<String, ObjectId> files;
    private final SubdirMode mode;

    private StubTree(Map<String, ObjectId> files, SubdirMode mode) {
        this.files = files;
        this.mode = mode;
    }

    /** Inserts the files that stand for a mode. */
    static StubTree create(SubdirMode mode, ObjectInserter objects) throws IOException {
        Map<String, ObjectId> files = new TreeMap<>();
        for (Map.Entry<String, String> file : mode.stubFiles().entrySet()) {
            byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
            files.put(file.getKey(), objects.insert(Constants.OBJ_BLOB, content));
        }
        return new StubTree(files, mode);
    }

    /** Reads what is there. */
    static StubTree read(ObjectReader reader, ObjectId tree) throws IOException {
        Map<String, ObjectId> files = new TreeMap<>();
        Map<String, String> contents = new HashMap<>();
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, tree);
        for (; !entries.eof(); entries.next()) {
            String name = entries.getEntryPathString();
            boolean file = FileMode.REGULAR_FILE.equals(entries.getEntryRawMode());
            // Only names that no data can take.
            if (file && (name.startsWith(".git") || name.startsWith(".nog")) && !name.equals(StatTree.SUMMARY)) {
                ObjectId id = entries.getEntryObjectId();
                files.put(name, id);
                byte[] content = reader.open(id, Constants.OBJ_BLOB).getCachedBytes(MAX_CONTENT);
                contents.put(name, new String(content, StandardCharsets.UTF_8));
            }
        }
        return new StubTree(files, SubdirMode.ofStub(contents));
    }

    SubdirMode mode() {
        return mode;
    }

    void addTo(GitTree tree) {
        files.forEach((name, id) -> tree.add(name.getBytes(StandardCharsets.UTF_8), FileMode.REGULAR_FILE, id));
    }

    ObjectId write(ObjectInserter objects) throws IOException {
        GitTree tree = new GitTree();
        addTo(tree);
        return tree.write(objects);
    }
}
