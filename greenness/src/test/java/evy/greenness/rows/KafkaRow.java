package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;
import evy.greenness.Runner;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

import java.net.InetSocketAddress;
import java.util.Map;

/** Kafka: callers share a producer and wait until their record is written. */
public final class KafkaRow implements Row {
    /** The only topic. */
    public static final String TOPIC = "questions";

    /** A partition for each caller: records of one partition go in one batch. */
    public static final int PARTITIONS = Runner.CALLERS + 1;

    private KafkaProducer<String, String> producer;

    @Override
    public String library() {
        return "Kafka client (producer)";
    }

    @Override
    public Class<?> client() {
        return KafkaProducer.class;
    }

    @Override
    public String peer() {
        return "kafka";
    }

    @Override
    public String why() {
        return "sends on a thread of its own; the caller waits on a future";
    }

    @Override
    public void start(InetSocketAddress peer) {
        Map<String, Object> settings =
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        peer.getHostString() + ":" + peer.getPort(),
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        false);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    @Override
    public String call(Question question) throws Exception {
        RecordMetadata written =
                producer.send(new ProducerRecord<>(TOPIC, question.caller(), null, question.text()))
                        .get();
        return "reply-" + written.offset();
    }
}
