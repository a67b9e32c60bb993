package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadPart;
import io.repowatch.wire.v1.ReadReply;
import io.repowatch.wire.v1.ReadRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How many messages a call of reads takes; its tasks run when the test says so. */
class ReadCallTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Scheduler scheduler = Schedulers.fromExecutor(tasks::add);
    private final Sent sent = new Sent();
    private final List<Sinks.Empty<StoredEvent>> streams = new ArrayList<>();
    private final ReadCall call = new ReadCall(sent, open -> stream().flux(), FeedLimits.DEFAULTS, scheduler);

    private Mono<StoredEvent> stream() {
        Sinks.Empty<StoredEvent> stream = Sinks.empty();
        streams.add(stream);
        return stream.asMono();
    }

    private static final class Sent extends ServerCall<ReadRequest, byte[]> {
        final List<byte[]> messages = new ArrayList<>();

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(byte[] message) {
            messages.add(message);
        }

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<ReadRequest, byte[]> getMethodDescriptor() {
            throw new UnsupportedOperationException("nobody asks for it");
        }
    }

    private static ReadRequest opening(int count) {
        ReadRequest.Builder request = ReadRequest.newBuilder();
        for (int read = 1; read <= count; read++) {
            request.addOpen(ReadOpen.newBuilder().setRead(read).setCredit(1));
        }
        return request.build();
    }

    private List<ReadPart> parts(int message) throws InvalidProtocolBufferException {
        return ReadReply.parseFrom(sent.messages.get(message)).getPartsList();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void whatReadsHaveFetchedUntilTheSchedulerGetsToItIsOneMessage() throws Exception {
        call.start(Mono.never());
        call.onMessage(opening(40));
        streams.forEach(stream -> stream.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST));
        assertThat(tasks).hasSize(1);
        assertThat(sent.messages).isEmpty();

        runTasks();
        assertThat(sent.messages).hasSize(1);
        assertThat(parts(0))
                .hasSize(40)
                .allMatch(part -> part.getEnd() == ReadPart.End.END_CAUGHT_UP)
                .extracting(ReadPart::getRead)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatComesLaterHasATaskOfItsOwn() throws Exception {
        call.start(Mono.never());
        call.onMessage(opening(2));
        for (int read = 0; read < 2; read++) {
            streams.get(read).emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
            runTasks();
            assertThat(parts(read)).extracting(ReadPart::getRead).containsExactly(read + 1L);
        }
    }

    @Test
    void aDisposedSchedulerLosesNothing() throws Exception {
        call.start(Mono.never());
        call.onMessage(opening(1));
        scheduler.dispose();
        streams.get(0).emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(parts(0)).hasSize(1);
    }
}
