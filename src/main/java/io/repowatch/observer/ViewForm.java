package io.repowatch.observer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.repowatch.id.GlobalPath;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the view of a repo has in common with those of most others: names of registry and hosts, how its paths are made from its
 * own part, and which parts it has at all.
 *
 * @param parts which of the parts below there are, as bits
 * @param globalPath a template, like the other paths, or {@link #ODD}
 */
record ViewForm(
        int parts,
        SubdirTracking tracking,
        StorageTierCode tier,
        String registry,
        String fileHost,
        String gitlabHost,
        String globalPath,
        String hostPath,
        String shadowPath,
        String gitlabPath) {
    static final int GLOBAL_PATH = 1;
    static final int WANTS_SHADOW = 2;
    static final int ENABLED = 4;
    static final int ENABLE_OWED = 8;
    static final int ERROR = 16;
    static final int MOVE = 32;
    static final int LAST_MOVE = 64;
    static final int MOVE_SHADOW = 128;
    static final int ACQUIRE = 256;

    /** Instead of the template of a path that is not made from the repo's own part, and so is stored with the repo. */
    static final String ODD = "\u0000";

    static ViewForm of(RepoView view, PathTemplates paths) {
        RepoState repo = view.repo();
        GlobalPath globalPath = repo.globalPath();
        int parts = bit(globalPath != null, GLOBAL_PATH)
                | bit(repo.wantsShadow(), WANTS_SHADOW)
                | bit(view.enabled(), ENABLED)
                | bit(view.enableOwed(), ENABLE_OWED)
                | bit(repo.hasError(), ERROR)
                | bit(repo.moveWorkflow(), MOVE)
                | bit(repo.lastMoveWorkflow(), LAST_MOVE)
                | bit(repo.moveShadowWorkflow(), MOVE_SHADOW)
                | bit(view.link() instanceof Link.Acquire, ACQUIRE);
        return new ViewForm(
                parts,
                repo.subdirTracking(),
                repo.tier(),
                repo.registry(),
                repo.fileHost(),
                repo.gitlabHost(),
                globalPath == null ? "" : template(paths, globalPath.value()),
                template(paths, repo.hostPath()),
                template(paths, repo.shadowPath()),
                template(paths, repo.gitlabPath()));
    }

    private static String template(PathTemplates paths, String path) {
        String template = paths.template(path);
        return template.equals(path) && !path.isEmpty() ? ODD : template;
    }

    private static int bit(boolean present, int part) {
        return present ? part : 0;
    }

    private static int bit(@Nullable UUID id, int part) {
        return bit(id != null, part);
    }

    boolean has(int part) {
        return (parts & part) != 0;
    }

    /** The paths of {@code repo} that are {@link #ODD}, in the order of the parameters. */
    List<String> oddPaths(RepoState repo) {
        List<String> odd = new ArrayList<>(0);
        GlobalPath global = repo.globalPath();
        if (globalPath.equals(ODD) && global != null) {
            odd.add(global.value());
        }
        addOdd(odd, hostPath, repo.hostPath());
        addOdd(odd, shadowPath, repo.shadowPath());
        addOdd(odd, gitlabPath, repo.gitlabPath());
        return odd;
    }

    private static void addOdd(List<String> odd, String template, String path) {
        if (template.equals(ODD)) {
            odd.add(path);
        }
    }

    void write(CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(parts);
        // One that this version of the contract does not know has no number of its own.
        out.writeSInt32NoTag(tracking == SubdirTracking.UNRECOGNIZED ? -1 : tracking.getNumber());
        out.writeSInt32NoTag(tier == StorageTierCode.UNRECOGNIZED ? -1 : tier.getNumber());
        for (String text : List.of(registry, fileHost, gitlabHost, globalPath, hostPath, shadowPath, gitlabPath)) {
            out.writeStringNoTag(text);
        }
    }

    static ViewForm read(CodedInputStream in) throws IOException {
        int parts = in.readUInt32();
        SubdirTracking tracking = SubdirTracking.forNumber(in.readSInt32());
        StorageTierCode tier = StorageTierCode.forNumber(in.readSInt32());
        return new ViewForm(
                parts,
                tracking == null ? SubdirTracking.UNRECOGNIZED : tracking,
                tier == null ? StorageTierCode.UNRECOGNIZED : tier,
                in.readString(),
                in.readString(),
                in.readString(),
                in.readString(),
                in.readString(),
                in.readString(),
                in.readString());
    }
}
