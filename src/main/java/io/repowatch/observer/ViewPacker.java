package io.repowatch.observer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Packs the view of a repo that sleeps into one small array; as objects it is many times as large. The bytes are for the
 * packer that made them and never leave the process. Thread-safe.
 */
final class ViewPacker {
    private static final int USUAL_SIZE = 256;

    private final SharedTexts texts = new SharedTexts();

    /** Apart from the texts, so that repos with odd paths do not use up their room. */
    private final SharedTexts templates = new SharedTexts();

    byte[] pack(RepoView view) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, USUAL_SIZE);
        try {
            write(out, view);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The view of the repo {@code id} as it was packed. */
    RepoView unpack(UUID id, byte[] packed) {
        try {
            return read(CodedInputStream.newInstance(packed), id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(CodedOutputStream out, RepoView view) throws IOException {
        RepoState repo = view.repo();
        String common = PathTemplates.common(repo.globalPath(), repo.hostPath());
        PathTemplates paths = new PathTemplates(common, repo.id());
        out.writeStringNoTag(common);
        out.writeFixed64NoTag(repo.tail().hi());
        out.writeFixed64NoTag(repo.tail().lo());
        text(out, repo.registry());
        globalPath(out, paths, repo.globalPath());
        text(out, repo.creatorName());
        text(out, repo.creatorEmail());
        text(out, repo.fileHost());
        path(out, paths, repo.hostPath());
        out.writeSInt32NoTag(number(repo.subdirTracking()));
        out.writeBoolNoTag(repo.wantsShadow());
        path(out, paths, repo.shadowPath());
        text(out, repo.gitlabHost());
        path(out, paths, repo.gitlabPath());
        out.writeUInt64NoTag(repo.gitlabProjectId());
        out.writeStringNoTag(repo.error());
        id(out, repo.moveWorkflow());
        id(out, repo.lastMoveWorkflow());
        id(out, repo.moveShadowWorkflow());
        out.writeEnumNoTag(tier(repo.tier()));
        id(out, view.link() instanceof Link.Acquire acquire ? acquire.workflow() : null);
        out.writeBoolNoTag(view.enableOwed());
        out.writeBoolNoTag(view.enabled());
    }

    /** Reads in the order in which was written: that of the parameters. */
    private RepoView read(CodedInputStream in, UUID id) throws IOException {
        PathTemplates paths = new PathTemplates(in.readString(), id);
        RepoState repo = new RepoState(
                id,
                new Vid(in.readFixed64(), in.readFixed64()),
                text(in),
                globalPath(in, paths),
                text(in),
                text(in),
                text(in),
                path(in, paths),
                tracking(in.readSInt32()),
                in.readBool(),
                path(in, paths),
                text(in),
                path(in, paths),
                in.readUInt64(),
                in.readString(),
                id(in),
                id(in),
                id(in),
                tier(in.readEnum()));
        UUID acquire = id(in);
        return new RepoView(
                repo, acquire == null ? Link.FOLLOW : new Link.Acquire(acquire), in.readBool(), in.readBool());
    }

    /** A number one higher than that of the shared text, or zero and the text. */
    private void text(CodedOutputStream out, String text) throws IOException {
        int number = texts.number(text);
        out.writeUInt32NoTag(number + 1);
        if (number == SharedTexts.NO_ROOM) {
            out.writeStringNoTag(text);
        }
    }

    private String text(CodedInputStream in) throws IOException {
        int number = in.readUInt32() - 1;
        return number == SharedTexts.NO_ROOM ? in.readString() : texts.text(number);
    }

    /** A number one higher than that of the shared template, or zero and the path. */
    private void path(CodedOutputStream out, PathTemplates paths, String path) throws IOException {
        String template = paths.template(path);
        int number = template.equals(path) ? SharedTexts.NO_ROOM : templates.number(template);
        out.writeUInt32NoTag(number + 1);
        if (number == SharedTexts.NO_ROOM) {
            out.writeStringNoTag(path);
        }
    }

    private String path(CodedInputStream in, PathTemplates paths) throws IOException {
        int number = in.readUInt32() - 1;
        return number == SharedTexts.NO_ROOM ? in.readString() : paths.expand(templates.text(number));
    }

    private void globalPath(CodedOutputStream out, PathTemplates paths, @Nullable GlobalPath path) throws IOException {
        out.writeBoolNoTag(path != null);
        if (path != null) {
            path(out, paths, path.value());
        }
    }

    private @Nullable GlobalPath globalPath(CodedInputStream in, PathTemplates paths) throws IOException {
        return in.readBool() ? new GlobalPath(path(in, paths)) : null;
    }

    /** One that this version of the contract does not know has no number of its own. */
    private static int number(SubdirTracking tracking) {
        return tracking == SubdirTracking.UNRECOGNIZED ? -1 : tracking.getNumber();
    }

    private static SubdirTracking tracking(int number) {
        SubdirTracking known = SubdirTracking.forNumber(number);
        return known == null ? SubdirTracking.UNRECOGNIZED : known;
    }

    private static int tier(StorageTierCode tier) {
        return tier == StorageTierCode.UNRECOGNIZED ? -1 : tier.getNumber();
    }

    private static StorageTierCode tier(int number) {
        StorageTierCode known = StorageTierCode.forNumber(number);
        return known == null ? StorageTierCode.UNRECOGNIZED : known;
    }

    private static void id(CodedOutputStream out, @Nullable UUID id) throws IOException {
        out.writeBoolNoTag(id != null);
        if (id != null) {
            out.writeFixed64NoTag(id.getMostSignificantBits());
            out.writeFixed64NoTag(id.getLeastSignificantBits());
        }
    }

    private static @Nullable UUID id(CodedInputStream in) throws IOException {
        return in.readBool() ? new UUID(in.readFixed64(), in.readFixed64()) : null;
    }
}
