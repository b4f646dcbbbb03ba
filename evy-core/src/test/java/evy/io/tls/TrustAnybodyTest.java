package evy.io.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The trust manager for those who want none: each question has the same answer. */
class TrustAnybodyTest {
    private static final X509Certificate[] NOBODY = {};

    @Test
    void trustAnybody_whoeverAsks_agrees() throws Exception {
        TrustAnybody trust = new TrustAnybody();
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        try (Socket socket = new Socket()) {
            assertThatCode(
                            () -> {
                                trust.checkClientTrusted(NOBODY, "RSA");
                                trust.checkServerTrusted(NOBODY, "RSA");
                                trust.checkClientTrusted(NOBODY, "RSA", socket);
                                trust.checkServerTrusted(NOBODY, "RSA", socket);
                                trust.checkClientTrusted(NOBODY, "RSA", engine);
                                trust.checkServerTrusted(NOBODY, "RSA", engine);
                            })
                    .doesNotThrowAnyException();
        }
        assertThat(trust.getAcceptedIssuers()).isEmpty();
    }
}
