package evy.io.tls;

import evy.internal.util.Interrupts;
import evy.sync.Semaphore;
import evy.tpool.Tpool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The context that some options share: made when first used, anew upon a reload. */
final class Contexts {
    private final Settings settings;
    private final Semaphore making = new Semaphore();

    // written by who holds making
    private volatile @Nullable SSLContext current;

    Contexts(Settings settings) {
        this.settings = settings;
    }

    SSLContext get() throws IOException {
        SSLContext context = settings.given == null ? current : settings.given;
        return context != null ? context : make(false);
    }

    void reload() throws IOException {
        if (settings.given == null) {
            make(true);
        }
    }

    private SSLContext make(boolean anew) throws IOException {
        try (Semaphore.Permit _ = making.enter()) {
            SSLContext context = current;
            if (context == null || anew) {
                context = Tpool.executeIo(this::create);
                current = context;
            }
            return context;
        } catch (InterruptedException e) {
            throw Interrupts.asIOException(e);
        }
    }

    private SSLContext create() throws IOException {
        List<Credential.Loaded> loaded = new ArrayList<>();
        for (Credential credential : settings.credentials) {
            loaded.add(credential.load());
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys =
                    loaded.isEmpty() ? new KeyManager[0] : new KeyManager[] {new Keys(loaded)};
            context.init(keys, trust(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new SSLException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private TrustManager @Nullable [] trust() throws IOException, GeneralSecurityException {
        if (settings.verify == Verify.NONE) {
            return new TrustManager[] {new TrustAnybody()};
        }
        Path file = settings.caCerts;
        if (file == null) {
            return null; // the system's
        }
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        int number = 0;
        for (X509Certificate authority : Pem.certificates(file)) {
            authorities.setCertificateEntry("ca-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(authorities);
        return factory.getTrustManagers();
    }
}
