package io.repowatch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.State;

/**
 * The walls of the house. A room is a package below {@code io.repowatch}; the packages below {@code io.repowatch.archfixture}
 * belong to the rooms that they are named after, so that classes made to break a rule meet the same rules.
 */
final class ArchitectureRules {
    private static final String BASE = "io.repowatch.";
    private static final String FIXTURES = BASE + "archfixture.";

    private static final String PROTOBUF = "com.google.protobuf.";
    private static final String GRPC = "io.grpc.";
    private static final String STATUS_DETAILS = "com.google.rpc.";
    private static final String REACTOR_GRPC = "com.salesforce.";

    /** What a room may know besides itself. */
    private record Room(Set<String> rooms, Set<String> libraries) {}

    /** Rooms that are not listed (service) may know everything; generated code (wire) only nothing of ours. */
    private static final Map<String, Room> ROOMS = Map.of(
            "id", new Room(Set.of(), Set.of()),
            "wire", new Room(Set.of(), Set.of(PROTOBUF, GRPC, REACTOR_GRPC, "javax.annotation.", "com.google.common.")),
            "engine", new Room(Set.of("id"), Set.of()),
            "observer", new Room(Set.of("id", "wire", "engine"), Set.of(PROTOBUF)),
            "client",
                    new Room(
                            Set.of("id", "wire", "engine", "ports"),
                            Set.of(PROTOBUF, GRPC, STATUS_DETAILS, REACTOR_GRPC)),
            "journal", new Room(Set.of("id"), Set.of("org.rocksdb.")),
            "registry",
                    new Room(
                            Set.of("id", "wire", "engine", "journal", "ports"),
                            Set.of(PROTOBUF, GRPC, STATUS_DETAILS, REACTOR_GRPC)),
            "storage",
                    new Room(
                            Set.of("id", "wire", "ports"),
                            Set.of(PROTOBUF, GRPC, STATUS_DETAILS, REACTOR_GRPC, "org.eclipse.jgit.", "com.sun.jna.")),
            "testkit",
                    new Room(
                            Set.of("id", "wire", "engine", "observer", "client", "journal", "registry", "storage"),
                            Set.of(PROTOBUF, GRPC, "reactor.test.")));

    private static final Set<String> EVERYWHERE =
            Set.of("java.", "reactor.core.", "reactor.util.", "org.reactivestreams.", "org.slf4j.", "org.jspecify.");

    /** The part of the observer that other rooms implement or name streams with. */
    private static final Set<String> PORTS = Set.of(
            "RegistryKey",
            "IndexKey",
            "RepoKey",
            "WorkflowKey",
            "Initializer",
            "Processor",
            "RegistryCommands",
            "RepoState",
            "RepoInfo",
            "RepoMove",
            "FreezeRequest",
            "RepoGoneException",
            "StrongError",
            "WeakError",
            "StoredError",
            "CommandRejectedException");

    private static final Set<String> REACTIVE = Set.of(
            "reactor.core.publisher.Mono",
            "reactor.core.publisher.Flux",
            "reactor.core.publisher.ParallelFlux",
            "reactor.core.publisher.ConnectableFlux");

    static final ArchRule ROOMS_KNOW_ONLY_WHAT_THE_TABLE_ALLOWS = classes()
            .should(new ArchCondition<>("know only what the table of rooms allows") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    item.getDirectDependenciesFromSelf().stream()
                            .filter(dependency -> !mayKnow(item, dependency.getTargetClass()))
                            .forEach(dependency ->
                                    events.add(SimpleConditionEvent.violated(item, dependency.getDescription())));
                }
            });

    static final ArchRule TIME_AND_CHANCE_ARE_INJECTED = classes()
            .that(areOutside("wire", "service"))
            .should(notAccess("a clock or a source of chance", ArchitectureRules::isTimeOrChance));

    static final ArchRule DEFAULTS_ARE_MADE_IN_BUILDERS = classes()
            .that(areOutside("wire", "service"))
            .and(areNoBuilders())
            .should(notAccess("a shared scheduler or the system clock", ArchitectureRules::isSharedDefault));

    static final ArchRule TIMED_OPERATORS_NAME_THEIR_SCHEDULER = classes()
            .that(areOutside("wire", "service"))
            .should(notAccess("a timed operator that picks its own scheduler", ArchitectureRules::isTimedBlindly));

    static final ArchRule ONLY_MAIN_BLOCKS = classes()
            .that(areOutside("wire"))
            .and(areNotMain())
            .should(notAccess("a blocking operator", ArchitectureRules::isBlocking));

    static final ArchRule CONCURRENCY_IS_BOUNDED = classes()
            .that(areOutside("wire"))
            .should(notAccess("groupBy, or a flatMap without a limit", ArchitectureRules::isUnbounded));

    static final ArchRule ONLY_THE_SERVICE_PRINTS = classes()
            .that(areOutside("wire", "service"))
            .should(notAccess("the standard streams", ArchitectureRules::isPrinting));

    static final ArchRule PACKAGES_ARE_NULL_MARKED = classes()
            .that(areOutside("wire"))
            .should(new ArchCondition<>("be in a package that is NullMarked") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    if (!item.getPackage().isAnnotatedWith(NullMarked.class)) {
                        events.add(SimpleConditionEvent.violated(
                                item,
                                item.getName() + " is in " + item.getPackageName() + ", which is not NullMarked"));
                    }
                }
            });

    static final ArchRule PUBLIC_CLASSES_ARE_CLOSED = classes()
            .that(areOutside("wire"))
            .should(new ArchCondition<>("be final where public, unless made for extension") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    if (isOpenByAccident(item)) {
                        events.add(SimpleConditionEvent.violated(item, item.getName() + " is public and not final"));
                    }
                }
            });

    static final ArchRule NAMES_SAY_SOMETHING = classes()
            .that(areOutside("wire"))
            .should(new ArchCondition<>("have a name that says something") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    if (item.getSimpleName().matches(".*(Manager|Helper|Utils?|Impl)")) {
                        events.add(SimpleConditionEvent.violated(item, item.getName() + " is named after nothing"));
                    }
                }
            });

    private ArchitectureRules() {}

    /** The room of a class; empty if it is none of ours. */
    static String room(JavaClass item) {
        String name = item.getPackageName();
        if (!name.startsWith(BASE)) {
            return "";
        }
        String below = name.substring(name.startsWith(FIXTURES) ? FIXTURES.length() : BASE.length());
        int end = below.indexOf('.');
        return end < 0 ? below : below.substring(0, end);
    }

    private static boolean mayKnow(JavaClass item, JavaClass known) {
        JavaClass target = known.getBaseComponentType();
        Room own = ROOMS.get(room(item));
        if (own == null || target.isPrimitive() || room(target).equals(room(item))) {
            return true;
        }
        if (!room(target).isEmpty()) {
            return own.rooms().contains(room(target)) || (own.rooms().contains("ports") && isPort(target));
        }
        return startsWithAny(target.getName(), EVERYWHERE) || startsWithAny(target.getName(), own.libraries());
    }

    private static boolean isPort(JavaClass target) {
        JavaClass outermost = target;
        while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
        }
        return room(target).equals("observer") && PORTS.contains(outermost.getSimpleName());
    }

    private static boolean startsWithAny(String name, Set<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    private static DescribedPredicate<JavaClass> areOutside(String... rooms) {
        Set<String> exempt = Set.of(rooms);
        return DescribedPredicate.describe("are outside " + exempt, item -> !exempt.contains(room(item)));
    }

    private static DescribedPredicate<JavaClass> areNoBuilders() {
        return DescribedPredicate.describe(
                "are no builders", item -> !item.getSimpleName().endsWith("Builder"));
    }

    private static DescribedPredicate<JavaClass> areNotMain() {
        return DescribedPredicate.describe(
                "are not the service's Main",
                item -> !(room(item).equals("service") && item.getName().matches(".*\\.Main(\\$.*)?")));
    }

    /** Looks at calls, method references and fields alike. */
    private static ArchCondition<JavaClass> notAccess(String what, Predicate<AccessTarget> forbidden) {
        return new ArchCondition<>("not use " + what) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaAccess<?> access : item.getAccessesFromSelf()) {
                    if (forbidden.test(access.getTarget())) {
                        events.add(SimpleConditionEvent.violated(item, access.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isTimeOrChance(AccessTarget target) {
        String owner = target.getOwner().getName();
        return switch (owner) {
            case "java.lang.System" ->
                target.getName().equals("nanoTime") || target.getName().equals("currentTimeMillis");
            case "java.util.UUID" -> target.getName().equals("randomUUID");
            case "java.lang.Math" -> target.getName().equals("random");
            case "java.util.concurrent.ThreadLocalRandom" -> true;
            default ->
                owner.startsWith("java.time.")
                        && target.getName().equals("now")
                        && !hasParameter(target, "java.time.Clock");
        };
    }

    private static boolean isSharedDefault(AccessTarget target) {
        String owner = target.getOwner().getName();
        return owner.equals("reactor.core.scheduler.Schedulers")
                || (Set.of("java.time.Clock", "java.time.InstantSource").contains(owner)
                        && target.getName().startsWith("system"));
    }

    private static boolean isTimedBlindly(AccessTarget target) {
        if (target.getOwner().getName().startsWith("reactor.util.retry.Retry")) {
            return Set.of("backoff", "fixedDelay").contains(target.getName());
        }
        boolean timed = hasParameter(target, "java.time.Duration")
                || Set.of("elapsed", "timestamp", "timed").contains(target.getName());
        return isReactive(target) && timed && !hasParameter(target, "reactor.core.scheduler.Scheduler");
    }

    private static boolean isBlocking(AccessTarget target) {
        return isReactive(target)
                && (target.getName().startsWith("block")
                        || Set.of("toIterable", "toStream").contains(target.getName()));
    }

    private static boolean isUnbounded(AccessTarget target) {
        if (!isReactive(target) || target.getOwner().getSimpleName().equals("Mono")) {
            return false;
        }
        return target.getName().equals("groupBy")
                || (Set.of("flatMap", "flatMapSequential").contains(target.getName()) && !hasParameter(target, "int"));
    }

    private static boolean isPrinting(AccessTarget target) {
        boolean standard = target.getOwner().getName().equals("java.lang.System")
                && Set.of("out", "err").contains(target.getName());
        return standard || (target.getName().equals("printStackTrace") && !hasParameters(target));
    }

    private static boolean isReactive(AccessTarget target) {
        return REACTIVE.contains(target.getOwner().getName());
    }

    private static boolean hasParameter(AccessTarget target, String type) {
        return target instanceof CodeUnitAccessTarget unit
                && unit.getRawParameterTypes().stream()
                        .anyMatch(parameter -> parameter.getName().equals(type));
    }

    private static boolean hasParameters(AccessTarget target) {
        return target instanceof CodeUnitAccessTarget unit
                && !unit.getRawParameterTypes().isEmpty();
    }

    private static boolean isOpenByAccident(JavaClass item) {
        boolean closedByKind = item.isInterface() || item.isEnum() || item.isRecord() || item.isAnonymousClass();
        boolean extensible = item.getModifiers().contains(JavaModifier.ABSTRACT)
                || item.isAssignableTo(Throwable.class)
                // JMH makes subclasses.
                || item.isAnnotatedWith(State.class);
        return item.getModifiers().contains(JavaModifier.PUBLIC)
                && !item.getModifiers().contains(JavaModifier.FINAL)
                && !closedByKind
                && !extensible
                && !item.getSimpleName().equals("package-info");
    }
}
