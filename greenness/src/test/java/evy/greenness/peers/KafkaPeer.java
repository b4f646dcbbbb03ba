package evy.greenness.peers;

import evy.greenness.Question;
import evy.greenness.rows.KafkaRow;

import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBrokerCollection;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopicCollection;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponseCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of a Kafka broker as it takes to produce: one topic, a partition for each caller, and the
 * offset of a record is the caller's number.
 */
final class KafkaPeer extends TcpPeer {
    private static final short PRODUCE_BY_TOPIC_NAME = 12;

    @Override
    protected void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        try (Later later = new Later(client.getOutputStream())) {
            while (true) {
                byte[] request = in.readNBytes(in.readInt());
                answer(ByteBuffer.wrap(request), client.getLocalPort(), later);
            }
        }
    }

    private static void answer(ByteBuffer request, int port, Later later) {
        RequestHeader header = RequestHeader.parse(request);
        switch (header.apiKey()) {
            case API_VERSIONS -> later.send(0, bytes(header, versions()));
            case METADATA -> later.send(0, bytes(header, metadata(port)));
            case PRODUCE -> produce(header, request, later);
            default -> throw new IllegalStateException("not spoken here: " + header);
        }
    }

    private static ApiMessage versions() {
        ApiVersionCollection versions = new ApiVersionCollection();
        versions.add(version(ApiKeys.PRODUCE, PRODUCE_BY_TOPIC_NAME));
        versions.add(version(ApiKeys.METADATA, ApiKeys.METADATA.latestVersion()));
        versions.add(version(ApiKeys.API_VERSIONS, ApiKeys.API_VERSIONS.latestVersion()));
        return new ApiVersionsResponseData().setApiKeys(versions);
    }

    private static ApiVersion version(ApiKeys key, short latest) {
        return new ApiVersion()
                .setApiKey(key.id)
                .setMinVersion(key.oldestVersion())
                .setMaxVersion(latest);
    }

    private static ApiMessage metadata(int port) {
        MetadataResponseBrokerCollection brokers = new MetadataResponseBrokerCollection();
        brokers.add(new MetadataResponseBroker().setNodeId(1).setHost("127.0.0.1").setPort(port));
        List<MetadataResponsePartition> partitions = new ArrayList<>();
        for (int i = 0; i < KafkaRow.PARTITIONS; i++) {
            partitions.add(
                    new MetadataResponsePartition()
                            .setPartitionIndex(i)
                            .setLeaderId(1)
                            .setLeaderEpoch(0)
                            .setReplicaNodes(List.of(1))
                            .setIsrNodes(List.of(1)));
        }
        MetadataResponseTopicCollection topics = new MetadataResponseTopicCollection();
        topics.add(new MetadataResponseTopic().setName(KafkaRow.TOPIC).setPartitions(partitions));
        return new MetadataResponseData()
                .setBrokers(brokers)
                .setClusterId("peer")
                .setControllerId(1)
                .setTopics(topics);
    }

    private static void produce(RequestHeader header, ByteBuffer request, Later later) {
        ProduceRequest produce =
                ProduceRequest.parse(new ByteBufferAccessor(request), header.apiVersion());
        List<PartitionProduceResponse> answers = new ArrayList<>();
        long millis = 0;
        for (PartitionProduceData partition :
                produce.data().topicData().iterator().next().partitionData()) {
            Question question = question((MemoryRecords) partition.records());
            millis = Math.max(millis, question.millis());
            answers.add(
                    new PartitionProduceResponse()
                            .setIndex(partition.index())
                            .setBaseOffset(question.caller()));
        }
        TopicProduceResponseCollection topics = new TopicProduceResponseCollection();
        topics.add(
                new TopicProduceResponse().setName(KafkaRow.TOPIC).setPartitionResponses(answers));
        later.send(millis, bytes(header, new ProduceResponseData().setResponses(topics)));
    }

    private static Question question(MemoryRecords records) {
        Record first = records.records().iterator().next();
        return Question.parse(StandardCharsets.UTF_8.decode(first.value()).toString());
    }

    private static byte[] bytes(RequestHeader header, ApiMessage body) {
        ResponseHeader head = header.toResponseHeader();
        ByteBuffer answer =
                RequestUtils.serialize(
                        head.data(), head.headerVersion(), body, header.apiVersion());
        return ByteBuffer.allocate(Integer.BYTES + answer.remaining())
                .putInt(answer.remaining())
                .put(answer)
                .array();
    }
}
