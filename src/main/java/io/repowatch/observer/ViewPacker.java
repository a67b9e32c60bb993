package io.repowatch.observer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Packs the view of a repo that sleeps into one small array; as objects it is many times as large. Whatever most repos have
 * alike is its {@link ViewForm}, kept once and numbered; the array has the number and what is the repo's own. The id and the tail
 * are not in it: whoever keeps the array has them already. The bytes are for the packer that made them and never leave the
 * process. Thread-safe.
 */
final class ViewPacker {
    private static final int USUAL_SIZE = 128;

    private final Shared<ViewForm> forms = new Shared<>();

    // Apart from each other, so that many of one sort do not use up the room of the others.
    private final Shared<String> creators = new Shared<>();
    private final Shared<String> folders = new Shared<>();

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

    /** The view of the repo {@code id}, whose last event is {@code tail}, as it was packed. */
    RepoView unpack(UUID id, Vid tail, byte[] packed) {
        try {
            return read(CodedInputStream.newInstance(packed), id, tail);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(CodedOutputStream out, RepoView view) throws IOException {
        RepoState repo = view.repo();
        String common = PathTemplates.common(repo.globalPath(), repo.hostPath());
        ViewForm form = ViewForm.of(view, new PathTemplates(common, repo.id()));
        int number = forms.number(form);
        out.writeUInt32NoTag(number + 1);
        if (number == Shared.NO_ROOM) {
            form.write(out);
        }
        int name = common.lastIndexOf('/') + 1;
        text(out, folders, common.substring(0, name));
        out.writeStringNoTag(common.substring(name));
        for (String odd : form.oddPaths(repo)) {
            out.writeStringNoTag(odd);
        }
        text(out, creators, repo.creatorName());
        text(out, creators, repo.creatorEmail());
        out.writeUInt64NoTag(repo.gitlabProjectId());
        if (form.has(ViewForm.ERROR)) {
            out.writeStringNoTag(repo.error());
        }
        id(out, repo.moveWorkflow());
        id(out, repo.lastMoveWorkflow());
        id(out, repo.moveShadowWorkflow());
        id(out, view.link() instanceof Link.Acquire acquire ? acquire.workflow() : null);
    }

    /** Reads in the order in which was written. */
    private RepoView read(CodedInputStream in, UUID id, Vid tail) throws IOException {
        int number = in.readUInt32() - 1;
        ViewForm form = number == Shared.NO_ROOM ? ViewForm.read(in) : forms.value(number);
        PathTemplates paths = new PathTemplates(text(in, folders) + in.readString(), id);
        String globalPath = path(in, paths, form.globalPath());
        String hostPath = path(in, paths, form.hostPath());
        String shadowPath = path(in, paths, form.shadowPath());
        String gitlabPath = path(in, paths, form.gitlabPath());
        RepoState repo = new RepoState(
                id,
                tail,
                form.registry(),
                form.has(ViewForm.GLOBAL_PATH) ? new GlobalPath(globalPath) : null,
                text(in, creators),
                text(in, creators),
                form.fileHost(),
                hostPath,
                form.tracking(),
                form.has(ViewForm.WANTS_SHADOW),
                shadowPath,
                form.gitlabHost(),
                gitlabPath,
                in.readUInt64(),
                form.has(ViewForm.ERROR) ? in.readString() : "",
                id(in, form, ViewForm.MOVE),
                id(in, form, ViewForm.LAST_MOVE),
                id(in, form, ViewForm.MOVE_SHADOW),
                form.tier());
        UUID acquire = id(in, form, ViewForm.ACQUIRE);
        return new RepoView(
                repo,
                acquire == null ? Link.FOLLOW : new Link.Acquire(acquire),
                form.has(ViewForm.ENABLE_OWED),
                form.has(ViewForm.ENABLED));
    }

    /** A number one higher than that of the shared text, or zero and the text. */
    private static void text(CodedOutputStream out, Shared<String> shared, String text) throws IOException {
        int number = shared.number(text);
        out.writeUInt32NoTag(number + 1);
        if (number == Shared.NO_ROOM) {
            out.writeStringNoTag(text);
        }
    }

    private static String text(CodedInputStream in, Shared<String> shared) throws IOException {
        int number = in.readUInt32() - 1;
        return number == Shared.NO_ROOM ? in.readString() : shared.value(number);
    }

    private static String path(CodedInputStream in, PathTemplates paths, String template) throws IOException {
        return template.equals(ViewForm.ODD) ? in.readString() : paths.expand(template);
    }

    private static void id(CodedOutputStream out, @Nullable UUID id) throws IOException {
        if (id != null) {
            out.writeFixed64NoTag(id.getMostSignificantBits());
            out.writeFixed64NoTag(id.getLeastSignificantBits());
        }
    }

    private static @Nullable UUID id(CodedInputStream in, ViewForm form, int part) throws IOException {
        return form.has(part) ? new UUID(in.readFixed64(), in.readFixed64()) : null;
    }
}
