package io.repowatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The house obeys its rules, and each rule catches the class that was made to break it. */
class ArchitectureTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            // What a build of the benchmarks has left there, made by JMH.
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .importPackages("io.repowatch");
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages("io.repowatch.archfixture");

    /** A member of a fixture, as the failures name it. */
    private static final Pattern MEMBER =
            Pattern.compile("(?:Method|Constructor|Class|Field) <io\\.repowatch\\.archfixture\\.([\\w.$]+)");

    private static Stream<Arguments> rules() {
        return Stream.of(
                rule(
                        ArchitectureRules.ROOMS_KNOW_ONLY_WHAT_THE_TABLE_ALLOWS,
                        "id.KnowsTheEngine.wakeup",
                        "engine.SpeaksGrpc.status",
                        "engine.SpeaksGrpc.message",
                        "engine.KnowsTheObserver.key",
                        "client.KnowsTheInsideOfTheObserver.inside",
                        "client.WritesToRocks.options",
                        "storage.KnowsTheEngine.wakeup",
                        "observer.TestsItself.verifier"),
                rule(
                        ArchitectureRules.TIME_AND_CHANCE_ARE_INJECTED,
                        "observer.TellsTheTime.instant",
                        "observer.TellsTheTime.reference",
                        "observer.TellsTheTime.date",
                        "observer.TellsTheTime.nanos",
                        "observer.TellsTheTime.millis",
                        "observer.ThrowsDice.uuid",
                        "observer.ThrowsDice.threadLocal",
                        "observer.ThrowsDice.math"),
                rule(
                        ArchitectureRules.DEFAULTS_ARE_MADE_IN_BUILDERS,
                        "observer.PicksDefaults.scheduler",
                        "observer.PicksDefaults.clock",
                        "observer.PicksDefaults.source"),
                rule(
                        ArchitectureRules.TIMED_OPERATORS_NAME_THEIR_SCHEDULER,
                        "observer.WaitsBlindly.delay",
                        "observer.WaitsBlindly.interval",
                        "observer.WaitsBlindly.timeout",
                        "observer.WaitsBlindly.elapsed",
                        "observer.WaitsBlindly.backoff"),
                rule(
                        ArchitectureRules.ONLY_MAIN_BLOCKS,
                        "observer.Blocks.mono",
                        "observer.Blocks.flux",
                        "observer.Blocks.stream",
                        "service.NotMain.blocks"),
                rule(
                        ArchitectureRules.CONCURRENCY_IS_BOUNDED,
                        "observer.KnowsNoBounds.groups",
                        "observer.KnowsNoBounds.flatMap",
                        "observer.KnowsNoBounds.sequential"),
                rule(
                        ArchitectureRules.ONLY_THE_SERVICE_PRINTS,
                        "observer.Prints.out",
                        "observer.Prints.err",
                        "observer.Prints.trace"));
    }

    private static Arguments rule(ArchRule rule, String... culprits) {
        return Arguments.of(rule, List.of(culprits));
    }

    private static Stream<ArchRule> allRules() {
        return Stream.concat(
                rules().map(arguments -> (ArchRule) arguments.get()[0]),
                Stream.of(
                        ArchitectureRules.PACKAGES_ARE_NULL_MARKED,
                        ArchitectureRules.PUBLIC_CLASSES_ARE_CLOSED,
                        ArchitectureRules.NAMES_SAY_SOMETHING));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("allRules")
    void theHouseObeys(ArchRule rule) {
        rule.check(HOUSE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void theRuleNamesEveryCulpritAndNobodyElse(ArchRule rule, List<String> culprits) {
        assertThat(culprits(rule)).containsExactlyInAnyOrderElementsOf(culprits);
    }

    @Test
    void aPackageThatIsNotNullMarkedIsNamed() {
        assertThat(details(ArchitectureRules.PACKAGES_ARE_NULL_MARKED))
                .contains(
                        "io.repowatch.archfixture.id.KnowsTheEngine is in io.repowatch.archfixture.id, which is not NullMarked")
                .noneMatch(detail -> detail.contains("archfixture.engine"));
    }

    @Test
    void aPublicClassThatAnyoneCanExtendIsNamed() {
        assertThat(details(ArchitectureRules.PUBLIC_CLASSES_ARE_CLOSED))
                .containsExactly("io.repowatch.archfixture.observer.Open is public and not final");
    }

    @Test
    void aNameThatSaysNothingIsNamed() {
        assertThat(details(ArchitectureRules.NAMES_SAY_SOMETHING))
                .containsExactly("io.repowatch.archfixture.observer.RepoManager is named after nothing");
    }

    @Test
    void everyRoomIsThere() {
        List<String> rooms =
                HOUSE.stream().map(ArchitectureRules::room).distinct().sorted().toList();
        assertThat(rooms)
                .containsExactly(
                        "client",
                        "engine",
                        "id",
                        "journal",
                        "observer",
                        "registry",
                        "service",
                        "storage",
                        "testkit",
                        "wire");
    }

    private static List<String> details(ArchRule rule) {
        return rule.evaluate(BROKEN).getFailureReport().getDetails();
    }

    private static Stream<String> culpritsOf(String detail) {
        Matcher matcher = MEMBER.matcher(detail);
        return matcher.find() ? Stream.of(matcher.group(1)) : Stream.of(detail);
    }

    private static List<String> culprits(ArchRule rule) {
        return details(rule).stream()
                .flatMap(ArchitectureTest::culpritsOf)
                .distinct()
                .toList();
    }
}
