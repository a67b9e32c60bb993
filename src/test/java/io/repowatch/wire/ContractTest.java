package io.repowatch.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.repowatch.wire.ContractTsv.Row;
import io.repowatch.wire.nogfso.BroadcastProto;
import io.repowatch.wire.nogfso.FreezeRepoProto;
import io.repowatch.wire.nogfso.GitDetailsProto;
import io.repowatch.wire.nogfso.GitnogProto;
import io.repowatch.wire.nogfso.GitnogtreeProto;
import io.repowatch.wire.nogfso.JobControlProto;
import io.repowatch.wire.nogfso.MainProto;
import io.repowatch.wire.nogfso.PingRegistryProto;
import io.repowatch.wire.nogfso.RegistryProto;
import io.repowatch.wire.nogfso.RepoInitProto;
import io.repowatch.wire.nogfso.ReposProto;
import io.repowatch.wire.nogfso.RootInfoProto;
import io.repowatch.wire.nogfso.StatProto;
import io.repowatch.wire.nogfso.StatusProto;
import io.repowatch.wire.nogfso.UnfreezeRepoProto;
import io.repowatch.wire.nogfso.WorkflowsProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContractTest {
    private static final List<String> SERVICES = List.of(
            "nogfso.Main",
            "nogfso.Registry",
            "nogfso.EphemeralRegistry",
            "nogfso.Repos",
            "nogfso.LiveBroadcast",
            "nogfso.Broadcast",
            "nogfso.GitBroadcaster",
            "nogfso.FreezeRepo",
            "nogfso.RegistryFreezeRepo",
            "nogfso.ReposFreezeRepo",
            "nogfso.UnfreezeRepo",
            "nogfso.RegistryUnfreezeRepo",
            "nogfso.ReposUnfreezeRepo",
            "nogfso.PingRegistry",
            "nogfso.Stat",
            "nogfso.GitNog",
            "nogfso.GitNogTree");

    private static final List<FileDescriptor> OURS = List.of(
            BroadcastProto.getDescriptor(),
            FreezeRepoProto.getDescriptor(),
            GitDetailsProto.getDescriptor(),
            GitnogProto.getDescriptor(),
            GitnogtreeProto.getDescriptor(),
            JobControlProto.getDescriptor(),
            MainProto.getDescriptor(),
            PingRegistryProto.getDescriptor(),
            RegistryProto.getDescriptor(),
            RepoInitProto.getDescriptor(),
            ReposProto.getDescriptor(),
            RootInfoProto.getDescriptor(),
            StatProto.getDescriptor(),
            StatusProto.getDescriptor(),
            UnfreezeRepoProto.getDescriptor(),
            WorkflowsProto.getDescriptor());

    private static final ContractTsv CONTRACT = ContractTsv.load();
    private static final Set<String> OUR_FACTS = ContractFacts.of(OURS);

    @Test
    void ourDescriptorsSayExactlyWhatTheContractSays() {
        assertThat(differenceFrom(CONTRACT)).isEmpty();
    }

    @Test
    void everyProtoFileOfThePackageIsCompared() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("proto/nogfso"))) {
            assertThat(files.map(file -> "nogfso/" + file.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(
                            OURS.stream().map(FileDescriptor::getFullName).toList());
        }
    }

    @Test
    void theTableDescribesAllItsFilesAndStreams() {
        assertThat(CONTRACT.files()).hasSize(23);
        assertThat(CONTRACT.method("nogfso.Repos", "Events").getType().serverSendsOneMessage())
                .isFalse();
        assertThat(CONTRACT.method("nogfso.Repos", "GetRepo").getType().serverSendsOneMessage())
                .isTrue();
        assertThat(CONTRACT.method("nogfso.Repos", "GetRepo").getFullMethodName())
                .isEqualTo("nogfso.Repos/GetRepo");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutations")
    void aChangedContractIsReported(String change, UnaryOperator<List<Row>> mutation, List<String> difference) {
        List<Row> rows = new ArrayList<>(CONTRACT.rows());
        assertThat(differenceFrom(ContractTsv.of(mutation.apply(rows))))
                .containsExactlyInAnyOrderElementsOf(difference);
    }

    private static Stream<Arguments> mutations() {
        return Stream.of(
                mutation(
                        "a field dropped",
                        rows -> without(rows, "nogfso.InfoO", "num_repos"),
                        "not in the contract: field nogfso.InfoO.num_repos = 4 int64 json numRepos"),
                mutation(
                        "a field added",
                        rows -> with(rows, "registry.proto\tmessage\tnogfso.InfoO\t5\tnum_moves\tint64\t"),
                        "missing: field nogfso.InfoO.num_moves = 5 int64 json numMoves"),
                mutation(
                        "a field renumbered",
                        rows -> changed(
                                rows,
                                "nogfso.InfoO",
                                "num_repos",
                                "registry.proto\tmessage\tnogfso.InfoO\t9\tnum_repos\tint64\t"),
                        "missing: field nogfso.InfoO.num_repos = 9 int64 json numRepos",
                        "not in the contract: field nogfso.InfoO.num_repos = 4 int64 json numRepos"),
                mutation(
                        "a field renamed",
                        rows -> changed(
                                rows,
                                "nogfso.InfoO",
                                "num_repos",
                                "registry.proto\tmessage\tnogfso.InfoO\t4\trepos\tint64\t"),
                        "missing: field nogfso.InfoO.repos = 4 int64 json repos",
                        "not in the contract: field nogfso.InfoO.num_repos = 4 int64 json numRepos"),
                mutation(
                        "a type changed",
                        rows -> changed(
                                rows,
                                "nogfso.InfoO",
                                "num_repos",
                                "registry.proto\tmessage\tnogfso.InfoO\t4\tnum_repos\tint32\t"),
                        "missing: field nogfso.InfoO.num_repos = 4 int32 json numRepos",
                        "not in the contract: field nogfso.InfoO.num_repos = 4 int64 json numRepos"),
                mutation(
                        "a label changed",
                        rows -> changed(
                                rows,
                                "nogfso.GetReposO",
                                "repos",
                                "registry.proto\tmessage\tnogfso.GetReposO\t3\trepos\tnogfso.RepoInfo\t"),
                        "missing: field nogfso.GetReposO.repos = 3 nogfso.RepoInfo json repos",
                        "not in the contract: field nogfso.GetReposO.repos = 3 repeated nogfso.RepoInfo json repos"),
                mutation(
                        "a field taken out of its oneof",
                        rows -> changed(
                                rows,
                                "nogfso.ConfigField",
                                "json",
                                "registry.proto\tmessage\tnogfso.ConfigField\t8\tjson\tbytes\t"),
                        "missing: field nogfso.ConfigField.json = 8 bytes json json",
                        "not in the contract: field nogfso.ConfigField.json = 8 bytes in oneof val json json"),
                mutation(
                        "a reserved range dropped",
                        rows -> rows.stream()
                                .filter(row -> !row.name().equals("nogfso.RepoEvent")
                                        || !row.kind().equals("reserved"))
                                .toList(),
                        "not in the contract: reserved nogfso.RepoEvent 4-9"),
                mutation(
                        "a reserved range widened",
                        rows -> rows.stream()
                                .map(row -> row.name().equals("nogfso.RepoEvent")
                                                && row.kind().equals("reserved")
                                        ? Row.parse("repos.proto\treserved\tnogfso.RepoEvent\t4-10\t\t\t")
                                        : row)
                                .toList(),
                        "missing: reserved nogfso.RepoEvent 4-10",
                        "not in the contract: reserved nogfso.RepoEvent 4-9"),
                mutation(
                        "a stream made unary",
                        rows -> rows.stream()
                                .map(row -> row.name().equals("nogfso.Repos")
                                                && row.key().equals("Events")
                                        ? Row.parse(
                                                "repos.proto\trpc\tnogfso.Repos\tEvents\tnogfso.RepoEventsI\tnogfso.RepoEventsO\t")
                                        : row)
                                .toList(),
                        "missing: rpc nogfso.Repos/Events nogfso.RepoEventsI -> nogfso.RepoEventsO",
                        "not in the contract: rpc nogfso.Repos/Events nogfso.RepoEventsI -> stream nogfso.RepoEventsO"),
                mutation(
                        "an rpc added",
                        rows -> with(
                                rows, "repos.proto\trpc\tnogfso.Repos\tForget\tnogfso.GetRepoI\tnogfso.GetRepoO\t"),
                        "missing: rpc nogfso.Repos/Forget nogfso.GetRepoI -> nogfso.GetRepoO"),
                mutation(
                        "an enum value dropped",
                        rows -> without(rows, "nogfso.SubdirTracking", "ST_IGNORE_MOST"),
                        "not in the contract: value nogfso.SubdirTracking.ST_IGNORE_MOST = 4"),
                mutation(
                        "an enum value renumbered",
                        rows -> changed(
                                rows,
                                "nogfso.SubdirTracking",
                                "ST_IGNORE_MOST",
                                "repo-init.proto\tenum\tnogfso.SubdirTracking\t5\tST_IGNORE_MOST\t\t"),
                        "missing: value nogfso.SubdirTracking.ST_IGNORE_MOST = 5",
                        "not in the contract: value nogfso.SubdirTracking.ST_IGNORE_MOST = 4"),
                mutation(
                        "a message that no rpc reaches changed",
                        rows -> without(rows, "nogfso.AuthRequiredScope", "path"),
                        "not in the contract: field nogfso.AuthRequiredScope.path = 3 string json path"));
    }

    private static Arguments mutation(String change, UnaryOperator<List<Row>> mutation, String... difference) {
        return Arguments.of(change, mutation, List.of(difference));
    }

    private static List<Row> without(List<Row> rows, String type, String member) {
        return rows.stream()
                .filter(row -> !row.name().equals(type) || !row.member().equals(member))
                .toList();
    }

    private static List<Row> with(List<Row> rows, String line) {
        return Stream.concat(rows.stream(), Stream.of(Row.parse(line))).toList();
    }

    private static List<Row> changed(List<Row> rows, String type, String member, String line) {
        return with(without(rows, type, member), line);
    }

    private static List<String> differenceFrom(ContractTsv contract) {
        List<ServiceDescriptor> services =
                SERVICES.stream().map(contract::service).toList();
        Set<String> facts =
                ContractFacts.reachableFrom(services, List.of(contract.message("nogfso.AuthRequiredScope")));
        return ContractFacts.difference(facts, OUR_FACTS);
    }
}
