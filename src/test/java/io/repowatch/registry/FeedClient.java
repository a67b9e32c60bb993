package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.repowatch.wire.v1.FeedGrpc;
import io.repowatch.wire.v1.ReadCredit;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadPart;
import io.repowatch.wire.v1.ReadReply;
import io.repowatch.wire.v1.ReadRequest;
import io.repowatch.wire.v1.ReadStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One Read call as the generated stub makes it. Takes messages as they come unless it was told to take them one by one. */
final class FeedClient implements ClientResponseObserver<ReadRequest, ReadReply> {
    final List<ReadReply> messages = new CopyOnWriteArrayList<>();
    final List<ReadPart> parts = new CopyOnWriteArrayList<>();
    private final boolean byHand;
    private volatile @Nullable ClientCallStreamObserver<ReadRequest> call;
    private volatile @Nullable Status status;

    private FeedClient(boolean byHand) {
        this.byHand = byHand;
    }

    static FeedClient of(Channel channel) {
        return start(channel, new FeedClient(false));
    }

    /** Takes no message before {@link #take}. */
    static FeedClient byHand(Channel channel) {
        return start(channel, new FeedClient(true));
    }

    private static FeedClient start(Channel channel, FeedClient client) {
        FeedGrpc.newStub(channel).read(client);
        return client;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ReadRequest> requests) {
        call = requests;
        if (byHand) {
            requests.disableAutoRequestWithInitial(0);
        }
    }

    private ClientCallStreamObserver<ReadRequest> call() {
        if (call == null) {
            throw new AssertionError("not started");
        }
        return call;
    }

    void take(int count) {
        call().request(count);
    }

    static ReadStream repo(UUID id) {
        return ReadStream.newBuilder().setRepo(Fixture.bytes(id)).build();
    }

    static ReadStream registry(String name) {
        return ReadStream.newBuilder().setRegistry(name).build();
    }

    static ReadOpen open(long read, ReadStream stream, int credit) {
        return ReadOpen.newBuilder()
                .setRead(read)
                .setStream(stream)
                .setCredit(credit)
                .build();
    }

    FeedClient send(ReadOpen... opens) {
        call().onNext(ReadRequest.newBuilder().addAllOpen(List.of(opens)).build());
        return this;
    }

    void credit(long read, int events) {
        call().onNext(ReadRequest.newBuilder()
                .addCredit(ReadCredit.newBuilder().setRead(read).setEvents(events))
                .build());
    }

    void cancel(long read) {
        call().onNext(ReadRequest.newBuilder().addCancel(read).build());
    }

    void complete() {
        call().onCompleted();
    }

    void cancelCall() {
        call().cancel("the test has seen enough", null);
    }

    List<ReadPart> of(long read) {
        return parts.stream().filter(part -> part.getRead() == read).toList();
    }

    List<ByteString> events(long read) {
        return of(read).stream().flatMap(part -> part.getEventsList().stream()).toList();
    }

    /** How many reads have ended. */
    long ended() {
        return parts.stream()
                .filter(part -> part.getEnd() != ReadPart.End.END_MORE)
                .count();
    }

    ReadPart end(long read) {
        Awaitility.await()
                .atMost(Fixture.PATIENCE)
                .until(() -> of(read).stream().anyMatch(part -> part.getEnd() != ReadPart.End.END_MORE));
        List<ReadPart> of = of(read);
        return of.get(of.size() - 1);
    }

    Status status() {
        Awaitility.await().atMost(Fixture.PATIENCE).until(() -> status != null);
        return status == null ? Status.UNKNOWN : status;
    }

    boolean isOver() {
        return status != null;
    }

    @Override
    public void onNext(ReadReply reply) {
        messages.add(reply);
        parts.addAll(reply.getPartsList());
    }

    @Override
    public void onError(Throwable error) {
        status = Status.fromThrowable(error);
    }

    @Override
    public void onCompleted() {
        status = Status.OK;
    }
}
