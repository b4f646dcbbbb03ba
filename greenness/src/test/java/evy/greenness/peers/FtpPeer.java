package evy.greenness.peers;

import evy.greenness.Question;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** As much of FTP as it takes to retrieve a file named by the question, in passive mode. */
final class FtpPeer extends TcpPeer {
    @Override
    protected void serve(Socket client) throws IOException, InterruptedException {
        BufferedReader in = lines(client);
        OutputStream out = client.getOutputStream();
        say(out, "220 peer");
        try (ServerSocket data = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
                switch (command) {
                    case "USER" -> say(out, "331 password?");
                    case "PASS" -> say(out, "230 welcome");
                    case "PASV" -> say(out, "227 (127,0,0,1," + port(data) + ")");
                    case "RETR" -> retrieve(Question.parse(line.substring(5)), data, out);
                    default -> say(out, "200 fine");
                }
            }
        }
    }

    private static String port(ServerSocket data) {
        return (data.getLocalPort() >> 8) + "," + (data.getLocalPort() & 0xff);
    }

    private static void retrieve(Question question, ServerSocket data, OutputStream out)
            throws IOException, InterruptedException {
        try (Socket to = data.accept()) {
            say(out, "150 here it comes");
            Thread.sleep(question.millis());
            to.getOutputStream().write(question.answer().getBytes(StandardCharsets.US_ASCII));
        }
        say(out, "226 there it is");
    }
}
