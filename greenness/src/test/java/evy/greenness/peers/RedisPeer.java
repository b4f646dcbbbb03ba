package evy.greenness.peers;

import evy.greenness.Question;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** As much of RESP2 as it takes to connect and to {@code GET question}. */
final class RedisPeer extends TcpPeer {
    @Override
    protected void serve(Socket client) throws IOException {
        BufferedReader in = lines(client);
        try (Later later = new Later(client.getOutputStream())) {
            for (List<String> command = read(in); command != null; command = read(in)) {
                switch (command.getFirst().toUpperCase(Locale.ROOT)) {
                    case "GET" -> {
                        Question question = Question.parse(command.get(1));
                        later.send(question.millis(), bulk(question.answer()));
                    }
                    case "HELLO" -> later.send(0, ascii("-ERR unknown command 'HELLO'\r\n"));
                    case "PING" -> later.send(0, ascii("+PONG\r\n"));
                    default -> later.send(0, ascii("+OK\r\n"));
                }
            }
        }
    }

    private static List<String> read(BufferedReader in) throws IOException {
        String head = in.readLine();
        if (head == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        for (int left = Integer.parseInt(head.substring(1)); left > 0; left--) {
            in.readLine(); // the length: no word here has a line end
            String word = in.readLine();
            if (word == null) {
                throw new EOFException("in a command");
            }
            words.add(word);
        }
        return words;
    }

    private static byte[] bulk(String text) {
        return ascii("$" + text.length() + "\r\n" + text + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
