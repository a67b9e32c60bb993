package io.repowatch.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wire contract as a table, turned into descriptors without the generated classes: a test that speaks with these speaks
 * as a foreign program does. Immutable; may be shared.
 */
public final class ContractTsv {

    /**
     * One line of the table.
     *
     * @param file the proto file
     * @param kind message (one field, or an empty message), enum (one value), reserved, or rpc
     * @param name the full name of the message, enum or service
     * @param key a field or enum number, a reserved range, or the name of an rpc
     * @param member the name of a field or enum value, or the request of an rpc
     * @param type the type of a field with its label, or the response of an rpc
     * @param note the oneof that a field belongs to
     */
    public record Row(String file, String kind, String name, String key, String member, String type, String note) {
        static Row parse(String line) {
            String[] cells = line.split("\t", -1);
            if (cells.length != 7) {
                throw new IllegalArgumentException("seven cells expected: " + line);
            }
            return new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]);
        }
    }

    private static final Map<String, FieldDescriptorProto.Type> SCALARS = Map.of(
            "bool", FieldDescriptorProto.Type.TYPE_BOOL,
            "bytes", FieldDescriptorProto.Type.TYPE_BYTES,
            "double", FieldDescriptorProto.Type.TYPE_DOUBLE,
            "int32", FieldDescriptorProto.Type.TYPE_INT32,
            "int64", FieldDescriptorProto.Type.TYPE_INT64,
            "string", FieldDescriptorProto.Type.TYPE_STRING,
            "uint32", FieldDescriptorProto.Type.TYPE_UINT32,
            "uint64", FieldDescriptorProto.Type.TYPE_UINT64);
    private static final String REPEATED = "repeated ";
    private static final String STREAM = "stream ";

    private final List<Row> rows;
    private final Map<String, String> fileOfType = new HashMap<>();
    private final Set<String> enums = new LinkedHashSet<>();
    private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
    private final Map<String, Descriptor> messages = new HashMap<>();
    private final Map<String, ServiceDescriptor> services = new HashMap<>();

    private ContractTsv(List<Row> rows) {
        this.rows = List.copyOf(rows);
        for (Row row : rows) {
            if (!row.kind().equals("rpc")) {
                fileOfType.put(row.name(), row.file());
            }
            if (row.kind().equals("enum")) {
                enums.add(row.name());
            }
        }
        rows.stream().map(Row::file).distinct().forEach(this::build);
    }

    /** The table in the test resources. */
    public static ContractTsv load() {
        try (InputStream in = ContractTsv.class.getResourceAsStream("/contract/nogfso-contract.tsv")) {
            if (in == null) {
                throw new IllegalStateException("the contract is not among the test resources");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return of(text.lines().skip(1).map(Row::parse).toList());
        } catch (IOException e) {
            throw new IllegalStateException("the contract cannot be read", e);
        }
    }

    /** A table made from {@code rows}. */
    public static ContractTsv of(List<Row> rows) {
        return new ContractTsv(rows);
    }

    /** The lines of the table, in its order. */
    public List<Row> rows() {
        return rows;
    }

    /** All files of the table. */
    public Collection<FileDescriptor> files() {
        return files.values();
    }

    /** The message with this full name, such as {@code nogfso.GetRepoI}. */
    public Descriptor message(String fullName) {
        return present(messages.get(fullName), fullName);
    }

    /** A builder of the message with this full name. */
    public DynamicMessage.Builder builder(String fullName) {
        return DynamicMessage.newBuilder(message(fullName));
    }

    /** The service with this full name, such as {@code nogfso.Repos}. */
    public ServiceDescriptor service(String fullName) {
        return present(services.get(fullName), fullName);
    }

    /** How gRPC calls {@code method} of {@code service}, the latter by its full name. */
    public MethodDescriptor<DynamicMessage, DynamicMessage> method(String service, String method) {
        var rpc = present(service(service).findMethodByName(method), service + "/" + method);
        return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
                .setType(rpc.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY)
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(rpc.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(rpc.getOutputType())))
                .build();
    }

    private static <T> T present(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("the contract has no " + name);
        }
        return value;
    }

    private FileDescriptor build(String file) {
        FileDescriptor known = files.get(file);
        if (known != null) {
            return known;
        }
        List<Row> own = rows.stream().filter(row -> row.file().equals(file)).toList();
        FileDescriptorProto.Builder proto = FileDescriptorProto.newBuilder()
                .setName(file)
                .setPackage("nogfso")
                .setSyntax("proto3");
        Set<String> imports = new LinkedHashSet<>();
        new FileAssembly(own).addTo(proto, imports);
        List<FileDescriptor> imported = new ArrayList<>();
        imports.remove(file);
        for (String name : imports) {
            proto.addDependency(name);
            imported.add(build(name));
        }
        try {
            FileDescriptor built = FileDescriptor.buildFrom(proto.build(), imported.toArray(FileDescriptor[]::new));
            files.put(file, built);
            built.getMessageTypes().forEach(this::index);
            built.getServices().forEach(service -> services.put(service.getFullName(), service));
            return built;
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException("the table does not describe a valid " + file, e);
        }
    }

    private void index(Descriptor message) {
        messages.put(message.getFullName(), message);
        message.getNestedTypes().forEach(this::index);
    }

    /** Gathers the rows of one file into its protos. */
    private final class FileAssembly {
        private final Map<String, DescriptorProto.Builder> ownMessages = new LinkedHashMap<>();
        private final Map<String, EnumDescriptorProto.Builder> ownEnums = new LinkedHashMap<>();
        private final Map<String, ServiceDescriptorProto.Builder> ownServices = new LinkedHashMap<>();
        private final Set<String> imports = new LinkedHashSet<>();

        private FileAssembly(List<Row> own) {
            own.forEach(this::add);
        }

        private void add(Row row) {
            switch (row.kind()) {
                case "message" -> addField(row);
                case "enum" -> addValue(row);
                case "reserved" -> addReserved(row);
                case "rpc" -> addRpc(row);
                default -> throw new IllegalArgumentException("unknown kind: " + row);
            }
        }

        private DescriptorProto.Builder message(String name) {
            return ownMessages.computeIfAbsent(
                    name, key -> DescriptorProto.newBuilder().setName(simple(key)));
        }

        private void addField(Row row) {
            DescriptorProto.Builder message = message(row.name());
            if (row.key().isEmpty()) {
                return;
            }
            boolean repeated = row.type().startsWith(REPEATED);
            FieldDescriptorProto.Builder field = message.addFieldBuilder()
                    .setName(row.member())
                    .setNumber(Integer.parseInt(row.key()))
                    .setLabel(
                            repeated
                                    ? FieldDescriptorProto.Label.LABEL_REPEATED
                                    : FieldDescriptorProto.Label.LABEL_OPTIONAL);
            setType(field, repeated ? row.type().substring(REPEATED.length()) : row.type());
            if (row.note().startsWith("oneof ")) {
                field.setOneofIndex(oneof(message, row.note().substring("oneof ".length())));
            }
        }

        private void setType(FieldDescriptorProto.Builder field, String type) {
            FieldDescriptorProto.Type scalar = SCALARS.get(type);
            if (scalar != null) {
                field.setType(scalar);
                return;
            }
            field.setTypeName(reference(type))
                    .setType(
                            enums.contains(type)
                                    ? FieldDescriptorProto.Type.TYPE_ENUM
                                    : FieldDescriptorProto.Type.TYPE_MESSAGE);
        }

        private int oneof(DescriptorProto.Builder message, String name) {
            for (int i = 0; i < message.getOneofDeclCount(); i++) {
                if (message.getOneofDecl(i).getName().equals(name)) {
                    return i;
                }
            }
            message.addOneofDeclBuilder().setName(name);
            return message.getOneofDeclCount() - 1;
        }

        private void addValue(Row row) {
            ownEnums.computeIfAbsent(
                            row.name(), key -> EnumDescriptorProto.newBuilder().setName(simple(key)))
                    .addValueBuilder()
                    .setName(row.member())
                    .setNumber(Integer.parseInt(row.key()));
        }

        private void addReserved(Row row) {
            String[] ends = row.key().split("-", 2);
            message(row.name())
                    .addReservedRangeBuilder()
                    .setStart(Integer.parseInt(ends[0]))
                    .setEnd(Integer.parseInt(ends[ends.length - 1]) + 1);
        }

        private void addRpc(Row row) {
            boolean clientStreams = row.member().startsWith(STREAM);
            boolean serverStreams = row.type().startsWith(STREAM);
            ownServices
                    .computeIfAbsent(
                            row.name(),
                            key -> ServiceDescriptorProto.newBuilder().setName(simple(key)))
                    .addMethod(MethodDescriptorProto.newBuilder()
                            .setName(row.key())
                            .setInputType(
                                    reference(clientStreams ? row.member().substring(STREAM.length()) : row.member()))
                            .setOutputType(
                                    reference(serverStreams ? row.type().substring(STREAM.length()) : row.type()))
                            .setClientStreaming(clientStreams)
                            .setServerStreaming(serverStreams));
        }

        private String reference(String type) {
            imports.add(present(fileOfType.get(type), type));
            return "." + type;
        }

        private void addTo(FileDescriptorProto.Builder file, Set<String> referenced) {
            referenced.addAll(imports);
            ownEnums.forEach((name, proto) -> {
                DescriptorProto.Builder outer = ownMessages.get(outer(name));
                if (outer == null) {
                    file.addEnumType(proto);
                } else {
                    outer.addEnumType(proto);
                }
            });
            // Nesting is one deep in this contract; deeper would need the innermost to be added first.
            ownMessages.forEach((name, proto) -> {
                DescriptorProto.Builder outer = ownMessages.get(outer(name));
                if (outer != null) {
                    outer.addNestedType(proto);
                }
            });
            ownMessages.forEach((name, proto) -> {
                if (!ownMessages.containsKey(outer(name))) {
                    file.addMessageType(proto);
                }
            });
            ownServices.values().forEach(file::addService);
        }

        private String simple(String name) {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        private String outer(String name) {
            return name.substring(0, name.lastIndexOf('.'));
        }
    }
}
