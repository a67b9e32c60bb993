package io.repowatch.service.bench;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/** Confluent's parallel consumer at {@link KeyedWork}: a topic in memory. It has subscribed before the time counts. */
final class ParallelConsumerOrder {
    /** How many it has at work at a time unless it is told otherwise. */
    static final int DEFAULT = ParallelConsumerOptions.DEFAULT_MAX_CONCURRENCY;

    private static final TopicPartition PARTITION = new TopicPartition("bench", 0);

    private ParallelConsumerOrder() {}

    /** Returns how long it takes, from when the events are there to the end of the last work. */
    static double seconds(KeyedWork work, int inFlight) throws InterruptedException {
        PatientConsumer consumer = new PatientConsumer();
        ParallelConsumerOptions<Integer, Integer> options = ParallelConsumerOptions.<Integer, Integer>builder()
                .consumer(consumer)
                .ordering(ProcessingOrder.KEY)
                .maxConcurrency(inFlight)
                .build();
        ParallelStreamProcessor<Integer, Integer> processor = ParallelStreamProcessor.createEosStreamProcessor(options);
        try {
            processor.subscribe(List.of(PARTITION.topic()));
            consumer.rebalance(List.of(PARTITION));
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            processor.poll(context -> work.run(context.key(), context.value()));
            long before = System.nanoTime();
            synchronized (consumer) {
                for (int i = 0; i < work.events(); i++) {
                    consumer.addRecord(new ConsumerRecord<>(
                            PARTITION.topic(), PARTITION.partition(), i, i % work.keys(), i / work.keys()));
                }
            }
            work.await(inFlight);
            return (System.nanoTime() - before) / 1e9;
        } finally {
            processor.closeDontDrainFirst();
        }
    }

    /** Waits a little when there is nothing, as a real one does; a mock alone returns at once and keeps a core busy. */
    private static final class PatientConsumer extends MockConsumer<Integer, Integer> {
        PatientConsumer() {
            super(OffsetResetStrategy.EARLIEST);
        }

        @Override
        public ConsumerRecords<Integer, Integer> poll(Duration timeout) {
            ConsumerRecords<Integer, Integer> records = super.poll(timeout);
            if (records.isEmpty()) {
                LockSupport.parkNanos(Math.min(timeout.toNanos(), TimeUnit.MILLISECONDS.toNanos(1)));
            }
            return records;
        }
    }
}
