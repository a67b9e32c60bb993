package io.repowatch.registry;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Status;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.v1.ReadPart;
import io.repowatch.wire.v1.ReadReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message with parts of several reads, put together from bytes: stored events are wire bytes already and go out as they
 * are. Not thread-safe.
 */
final class ReadParts {
    private final List<Part> parts = new ArrayList<>();
    private int size;

    /** How a read ended: caught up, or with a status that is not OK. */
    record End(Status status) {
        static final End CAUGHT_UP = new End(Status.OK);

        ReadPart.End wire() {
            return status.isOk() ? ReadPart.End.END_CAUGHT_UP : ReadPart.End.END_FAILED;
        }

        String text() {
            String description = status.getDescription();
            return description == null ? "" : description;
        }
    }

    private record Part(
            long read, List<StoredEvent> events, @Nullable End end, int size) {}

    /** How many bytes an event takes in a part. */
    static int size(StoredEvent event) {
        return CodedOutputStream.computeByteArraySize(ReadPart.EVENTS_FIELD_NUMBER, event.body());
    }

    /** Adds a part; {@code end} is null if the read goes on. */
    void add(long read, List<StoredEvent> events, @Nullable End end) {
        int bytes = CodedOutputStream.computeUInt64Size(ReadPart.READ_FIELD_NUMBER, read);
        for (StoredEvent event : events) {
            bytes += size(event);
        }
        if (end != null) {
            bytes += CodedOutputStream.computeEnumSize(
                    ReadPart.END_FIELD_NUMBER, end.wire().getNumber());
            if (!end.status().isOk()) {
                bytes += CodedOutputStream.computeInt32Size(
                                ReadPart.CODE_FIELD_NUMBER,
                                end.status().getCode().value())
                        + CodedOutputStream.computeStringSize(ReadPart.ERROR_FIELD_NUMBER, end.text());
            }
        }
        parts.add(new Part(read, events, end, bytes));
        size += CodedOutputStream.computeTagSize(ReadReply.PARTS_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(bytes)
                + bytes;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    int size() {
        return size;
    }

    byte[] message() {
        byte[] message = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(message);
        try {
            for (Part part : parts) {
                out.writeTag(ReadReply.PARTS_FIELD_NUMBER, 2);
                out.writeUInt32NoTag(part.size());
                write(out, part);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the size was computed wrongly", e);
        }
        return message;
    }

    private static void write(CodedOutputStream out, Part part) throws IOException {
        out.writeUInt64(ReadPart.READ_FIELD_NUMBER, part.read());
        for (StoredEvent event : part.events()) {
            out.writeByteArray(ReadPart.EVENTS_FIELD_NUMBER, event.body());
        }
        End end = part.end();
        if (end != null) {
            out.writeEnum(ReadPart.END_FIELD_NUMBER, end.wire().getNumber());
            if (!end.status().isOk()) {
                out.writeInt32(
                        ReadPart.CODE_FIELD_NUMBER, end.status().getCode().value());
                out.writeString(ReadPart.ERROR_FIELD_NUMBER, end.text());
            }
        }
    }
}
