package evy.io.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/** A certificate with its key, or where to find them. */
sealed interface Credential {
    /** Reads it, if it has to be read. */
    Loaded load() throws IOException;

    /** At hand. */
    record Loaded(PrivateKey key, List<X509Certificate> chain) implements Credential {
        public Loaded {
            Objects.requireNonNull(key, "key");
            chain = List.copyOf(chain);
        }

        @Override
        public Loaded load() {
            return this;
        }
    }

    /** In PEM files, read anew each time. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Files(Path certfile, Path keyfile, char @Nullable [] password) implements Credential {
        public Files {
            Objects.requireNonNull(certfile, "certfile");
            Objects.requireNonNull(keyfile, "keyfile");
        }

        @Override
        public Loaded load() throws IOException {
            List<X509Certificate> chain = Pem.certificates(certfile);
            PrivateKey key = Pem.privateKey(keyfile, password);
            KeyMatch.check(key, keyfile, chain.getFirst(), certfile);
            return new Loaded(key, chain);
        }

        @Override
        public String toString() {
            return certfile + " with " + keyfile; // and not the password
        }
    }
}
