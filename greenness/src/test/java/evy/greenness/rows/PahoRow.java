package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;
import evy.greenness.Runner;

import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** MQTT by Paho: callers share a client, publish with QoS 1 and wait for the answer to theirs. */
public final class PahoRow implements Row {
    private static final int QOS = 1;

    private final Map<String, BlockingQueue<String>> answers = new ConcurrentHashMap<>();
    private MqttClient client;

    @Override
    public String library() {
        return "Eclipse Paho MQTT";
    }

    @Override
    public Class<?> client() {
        return MqttClient.class;
    }

    @Override
    public String peer() {
        return "mqtt";
    }

    @Override
    public String why() {
        return "reads and writes on threads of its own; the caller waits on a monitor";
    }

    @Override
    public void start(InetSocketAddress peer) throws MqttException {
        String address = "tcp://" + peer.getHostString() + ":" + peer.getPort();
        client = new MqttClient(address, "evy", new MemoryPersistence());
        client.setCallback(new Answers());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(Runner.CALLERS);
        client.connect(options);
    }

    @Override
    public String call(Question question) throws Exception {
        String topic = "question/" + question.caller();
        BlockingQueue<String> answer =
                answers.computeIfAbsent(topic, t -> new LinkedBlockingQueue<>());
        client.publish(topic, question.text().getBytes(StandardCharsets.US_ASCII), QOS, false);
        return answer.take();
    }

    /** What the server publishes. */
    private final class Answers implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            answers.get(topic).add(new String(message.getPayload(), StandardCharsets.US_ASCII));
        }

        @Override
        public void connectionLost(Throwable cause) {}

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {}
    }
}
