package io.repowatch.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What descriptors say about the wire, one line per fact, so that two of them compare as sets. */
final class ContractFacts {
    private final Set<String> facts = new TreeSet<>();
    private final Set<String> seen = new HashSet<>();

    private ContractFacts() {}

    /** The facts of these services and of everything reachable from them and from these messages. */
    static Set<String> reachableFrom(Collection<ServiceDescriptor> services, Collection<Descriptor> messages) {
        ContractFacts contract = new ContractFacts();
        services.forEach(contract::add);
        messages.forEach(contract::add);
        return contract.facts;
    }

    /** The facts of everything that these files hold. */
    static Set<String> of(Collection<FileDescriptor> files) {
        ContractFacts contract = new ContractFacts();
        for (FileDescriptor file : files) {
            file.getServices().forEach(contract::add);
            file.getMessageTypes().forEach(contract::add);
            file.getEnumTypes().forEach(contract::add);
        }
        return contract.facts;
    }

    /** What {@code ours} lacks and what it has too much; empty if both say the same. */
    static List<String> difference(Set<String> contract, Set<String> ours) {
        List<String> difference = new ArrayList<>();
        contract.stream()
                .filter(fact -> !ours.contains(fact))
                .map(fact -> "missing: " + fact)
                .forEach(difference::add);
        ours.stream()
                .filter(fact -> !contract.contains(fact))
                .map(fact -> "not in the contract: " + fact)
                .forEach(difference::add);
        return difference;
    }

    private void add(ServiceDescriptor service) {
        facts.add("service " + service.getFullName());
        for (MethodDescriptor rpc : service.getMethods()) {
            facts.add("rpc " + service.getFullName() + "/" + rpc.getName() + " "
                    + (rpc.isClientStreaming() ? "stream " : "")
                    + rpc.getInputType().getFullName() + " -> "
                    + (rpc.isServerStreaming() ? "stream " : "")
                    + rpc.getOutputType().getFullName());
            add(rpc.getInputType());
            add(rpc.getOutputType());
        }
    }

    private void add(Descriptor message) {
        if (!seen.add(message.getFullName())) {
            return;
        }
        facts.add("message " + message.getFullName() + " "
                + message.getFile().toProto().getSyntax());
        message.getFields().forEach(this::add);
        DescriptorProto proto = message.toProto();
        proto.getReservedRangeList()
                .forEach(range -> facts.add(
                        "reserved " + message.getFullName() + " " + range.getStart() + "-" + (range.getEnd() - 1)));
        proto.getReservedNameList().forEach(name -> facts.add("reserved " + message.getFullName() + " " + name));
        message.getNestedTypes().forEach(this::add);
        message.getEnumTypes().forEach(this::add);
        if (message.getContainingType() != null) {
            add(message.getContainingType());
        }
    }

    private void add(FieldDescriptor field) {
        OneofDescriptor oneof = field.getContainingOneof();
        facts.add("field " + field.getFullName() + " = " + field.getNumber() + " "
                + (field.isRepeated() ? "repeated " : field.isRequired() ? "required " : "")
                + type(field)
                + (field.isPacked() ? " packed" : "")
                + (oneof == null ? "" : " in oneof " + oneof.getName())
                + " json " + field.getJsonName());
    }

    private String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                add(field.getMessageType());
                yield field.getMessageType().getFullName();
            }
            case ENUM -> {
                add(field.getEnumType());
                yield field.getEnumType().getFullName();
            }
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private void add(EnumDescriptor type) {
        if (!seen.add(type.getFullName())) {
            return;
        }
        facts.add("enum " + type.getFullName() + " " + type.getFile().toProto().getSyntax());
        type.getValues().forEach(value -> facts.add("value " + value.getFullName() + " = " + value.getNumber()));
        type.toProto()
                .getReservedRangeList()
                .forEach(range ->
                        facts.add("reserved " + type.getFullName() + " " + range.getStart() + "-" + range.getEnd()));
        type.toProto().getReservedNameList().forEach(name -> facts.add("reserved " + type.getFullName() + " " + name));
        if (type.getContainingType() != null) {
            add(type.getContainingType());
        }
    }
}
