package evy.greenness.peers;

import evy.greenness.Question;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Locale;

/** As much of SMTP as it takes to send a mail to {@code question@example.org}. */
final class SmtpPeer extends TcpPeer {
    @Override
    protected void serve(Socket client) throws IOException, InterruptedException {
        BufferedReader in = lines(client);
        OutputStream out = client.getOutputStream();
        say(out, "220 peer");
        Question question = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String command = line.toUpperCase(Locale.ROOT);
            if (command.startsWith("RCPT TO:<")) {
                question = Question.parse(line.substring("RCPT TO:<".length(), line.indexOf('@')));
                say(out, "250 fine");
            } else if (command.equals("DATA") && question != null) {
                say(out, "354 go on");
                skipMail(in);
                Thread.sleep(question.millis());
                say(out, "250 " + question.answer());
            } else {
                say(out, "250 fine");
            }
        }
    }

    private static void skipMail(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null && !line.equals("."); ) {
            line = in.readLine();
        }
    }
}
