package io.repowatch.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.wire.ContractTsv;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The services of one host, and clients that know nothing but the contract table. */
final class ServicesFixture implements AutoCloseable {
    static final ContractTsv CONTRACT = ContractTsv.load();

    final StorageFixture host;
    final List<String> asked = new CopyOnWriteArrayList<>();
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-05T00:00:00Z"));
    final PagedReads comparisons;
    final PagedReads trees;
    Authorizer authorizer = (principal, action, scope) -> asked.add(principal.name() + " " + action + " " + scope);
    private final StatRuns runs;
    private final Server server;
    private final ManagedChannel channel;

    ServicesFixture(StorageFixture host, int limit) throws IOException {
        this.host = host;
        BlockingWork work = new BlockingWork(host.blocking);
        comparisons = new PagedReads("comparisons", limit, work, now::get);
        trees = new PagedReads("trees", limit, work, now::get);
        runs = new StatRuns(host.table, host.statOperation(), host.config, work);
        RepoAccess access = new RepoAccess(
                host.table,
                (principal, action, scope) -> authorizer.check(principal, action, scope),
                () -> new Principal("me"));
        String name = "storage-" + UUID.nameUUIDFromBytes(host.data.toString().getBytes());
        server = InProcessServerBuilder.forName(name)
                .addService(new StatService(
                        access,
                        runs,
                        host.config,
                        comparisons,
                        (repo, entries, bytes) -> host.progress.walked(repo, entries, bytes)))
                .addService(new GitNogService(access, host.config, work, trees))
                .addService(new GitNogTreeService(access, host.config, trees))
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    static ByteString bytes(UUID repo) {
        return ByteString.copyFrom(EntityIds.toBytes(repo));
    }

    /** The commit at the head of the stat branch, as the git command line says. */
    ByteString statCommit() {
        String hex = host.git().run("rev-parse", "master-stat").strip();
        return ByteString.copyFrom(java.util.HexFormat.of().parseHex(hex));
    }

    static DynamicMessage message(String name, Object... fields) {
        DynamicMessage.Builder builder = CONTRACT.builder("nogfso." + name);
        for (int i = 0; i < fields.length; i += 2) {
            builder.setField(builder.getDescriptorForType().findFieldByName((String) fields[i]), fields[i + 1]);
        }
        return builder.build();
    }

    static Object get(Message message, String field) {
        return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    @SuppressWarnings("unchecked")
    static List<DynamicMessage> paths(DynamicMessage page) {
        return (List<DynamicMessage>) get(page, "paths");
    }

    DynamicMessage call(String service, String method, DynamicMessage request) {
        return ClientCalls.blockingUnaryCall(channel, CONTRACT.method("nogfso." + service, method), options(), request);
    }

    List<DynamicMessage> read(String service, String method, DynamicMessage request) {
        List<DynamicMessage> replies = new ArrayList<>();
        ClientCalls.blockingServerStreamingCall(
                        channel, CONTRACT.method("nogfso." + service, method), options(), request)
                .forEachRemaining(replies::add);
        return replies;
    }

    List<DynamicMessage> status() {
        return read("Stat", "StatStatus", message("StatStatusI", "repo", bytes(StorageFixture.REPO)));
    }

    /** One line per path: the status and the path. */
    List<String> statusLines() {
        return status().stream()
                .flatMap(page -> paths(page).stream())
                .map(path -> get(path, "status").toString().substring(3) + " " + get(path, "path"))
                .toList();
    }

    List<DynamicMessage> listing() {
        return read("GitNogTree", "ListStatTree", listRequest());
    }

    DynamicMessage listRequest() {
        return message("ListStatTreeI", "repo", bytes(StorageFixture.REPO), "stat_git_commit", statCommit());
    }

    /** A client that takes one message whenever it is told to. */
    SlowClient open(String service, String method, DynamicMessage request) {
        return new SlowClient(
                channel.newCall(CONTRACT.method("nogfso." + service, method), CallOptions.DEFAULT), request);
    }

    private static CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        runs.dispose();
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        host.close();
    }

    static final class SlowClient extends ClientCall.Listener<DynamicMessage> {
        /** What has come and was not taken; something empty stands for the end of the call, so that nobody waits beyond it. */
        final BlockingQueue<Optional<DynamicMessage>> received = new LinkedBlockingQueue<>();

        final BlockingQueue<Status> closed = new LinkedBlockingQueue<>();
        private final ClientCall<DynamicMessage, DynamicMessage> call;

        private SlowClient(ClientCall<DynamicMessage, DynamicMessage> call, DynamicMessage request) {
            this.call = call;
            call.start(this, new Metadata());
            call.sendMessage(request);
            call.halfClose();
        }

        /** The next message; the end of the call as an error. */
        DynamicMessage take() throws InterruptedException {
            call.request(1);
            Optional<DynamicMessage> next = received.poll(60, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("neither a message nor the end has come");
            }
            return next.orElseThrow(() -> new StatusRuntimeException(closed.element()));
        }

        /** Asks for a message and does not wait for it. */
        void ask() {
            call.request(1);
        }

        /** The status that ended the call. */
        Status ended() throws InterruptedException {
            call.request(1);
            Status status = closed.poll(60, TimeUnit.SECONDS);
            if (status == null) {
                throw new AssertionError("the call goes on");
            }
            return status;
        }

        void cancel() {
            call.cancel("enough", null);
        }

        @Override
        public void onMessage(DynamicMessage message) {
            received.add(Optional.of(message));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed.add(status);
            received.add(Optional.empty());
        }
    }
}
