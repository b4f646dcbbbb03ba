package evy.greenness.rows;

import evy.greenness.PerCaller;
import evy.greenness.Question;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;

import org.eclipse.angus.mail.smtp.SMTPTransport;

import java.net.InetSocketAddress;
import java.util.Properties;

/** Jakarta Mail, as Angus implements it, sending by SMTP. */
public final class MailRow extends PerCaller<SMTPTransport> {
    private final Session session = Session.getInstance(new Properties());

    @Override
    public String library() {
        return "Jakarta Mail (SMTP)";
    }

    @Override
    public Class<?> client() {
        return SMTPTransport.class;
    }

    @Override
    public String peer() {
        return "smtp";
    }

    @Override
    public String why() {
        return "blocking `java.net.Socket` inside `synchronized` methods";
    }

    @Override
    protected SMTPTransport open(InetSocketAddress peer) throws MessagingException {
        SMTPTransport transport = (SMTPTransport) session.getTransport("smtp");
        transport.connect(peer.getHostString(), peer.getPort(), null, null);
        return transport;
    }

    @Override
    protected String call(SMTPTransport transport, Question question) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("evy@example.org"));
        message.setRecipient(
                Message.RecipientType.TO, new InternetAddress(question.text() + "@example.org"));
        message.setSubject("greenness");
        message.setText("How slow are you?");
        message.saveChanges();
        transport.sendMessage(message, message.getAllRecipients());
        return transport.getLastServerResponse().strip().substring("250 ".length());
    }
}
