package evy.greenness;

import evy.greenness.rows.AmqpRow;
import evy.greenness.rows.ApacheHttpRow;
import evy.greenness.rows.FtpRow;
import evy.greenness.rows.GrpcRow;
import evy.greenness.rows.H2Row;
import evy.greenness.rows.HttpClientRow;
import evy.greenness.rows.HttpUrlConnectionRow;
import evy.greenness.rows.JedisRow;
import evy.greenness.rows.JeroMqRow;
import evy.greenness.rows.JettyClientRow;
import evy.greenness.rows.KafkaRow;
import evy.greenness.rows.LettuceRow;
import evy.greenness.rows.MailRow;
import evy.greenness.rows.MariaDbRow;
import evy.greenness.rows.NatsRow;
import evy.greenness.rows.OkHttpRow;
import evy.greenness.rows.PahoRow;
import evy.greenness.rows.PostgresRow;
import evy.greenness.rows.SshdRow;

import java.util.List;
import java.util.stream.Stream;

/** The rows of the matrix, in the order of the table. */
final class Rows {
    private Rows() {}

    static List<Row> all() {
        return List.of(
                new HttpUrlConnectionRow(),
                new HttpClientRow(),
                new ApacheHttpRow(),
                new OkHttpRow(),
                new JettyClientRow(),
                new PostgresRow(),
                new MariaDbRow(),
                new H2Row(),
                new JedisRow(),
                new LettuceRow(),
                new AmqpRow(),
                new NatsRow(),
                new KafkaRow(),
                new PahoRow(),
                new JeroMqRow(),
                new GrpcRow(),
                new MailRow(),
                new FtpRow(),
                new SshdRow());
    }

    static Stream<String> libraries() {
        return all().stream().map(Row::library);
    }

    static Row of(String library) {
        return all().stream()
                .filter(row -> row.library().equals(library))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no row '" + library + "'; there are " + names()));
    }

    private static List<String> names() {
        return libraries().toList();
    }
}
