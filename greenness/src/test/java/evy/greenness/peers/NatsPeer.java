package evy.greenness.peers;

import evy.greenness.Question;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * As much of NATS as it takes to request: one that asks for an answer on a subject gets it from the
 * server itself.
 */
final class NatsPeer extends TcpPeer {
    private static final String INFO =
            "INFO {\"server_id\":\"peer\",\"version\":\"2.10.0\",\"proto\":1,\"host\":\"127.0.0.1\",\"port\":4222,\"headers\":true,\"max_payload\":1048576}\r\n";

    @Override
    protected void serve(Socket client) throws IOException {
        BufferedReader in = lines(client);
        String subscription = "";
        try (Later later = new Later(client.getOutputStream())) {
            later.send(0, ascii(INFO));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "PING" -> later.send(0, ascii("PONG\r\n"));
                    case "SUB" -> subscription = words[words.length - 1];
                    case "PUB" -> {
                        Question question = Question.parse(in.readLine());
                        later.send(question.millis(), message(words[2], subscription, question));
                    }
                    default -> {} // CONNECT, UNSUB: no answer
                }
            }
        }
    }

    /* PUB subject reply-to length */
    private static byte[] message(String replyTo, String subscription, Question question) {
        String answer = question.answer();
        String head = "MSG " + replyTo + " " + subscription + " " + answer.length();
        return ascii(head + "\r\n" + answer + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
