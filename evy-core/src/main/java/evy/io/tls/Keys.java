package evy.io.tls;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The certificates an end can show. A server chooses among those for the name that the client asks
 * for; if there are none, among those for the same names as the first.
 */
/*
 * The JDK's own manager decrypts the key from a key store for every handshake, and shows any
 * certificate that fits the algorithm if no name does.
 */
@SuppressWarnings("NullAway") // so X509KeyManager has it: null for none
final class Keys extends X509ExtendedKeyManager {
    private final List<Credential.Loaded> credentials;
    private final List<HostNames> names;

    Keys(List<Credential.Loaded> credentials) {
        this.credentials = List.copyOf(credentials);
        this.names = credentials.stream().map(c -> HostNames.of(c.chain().getFirst())).toList();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Credential.Loaded credential = get(alias);
        return credential == null ? null : credential.key();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Credential.Loaded credential = get(alias);
        return credential == null ? null : credential.chain().toArray(X509Certificate[]::new);
    }

    /* Its alias is its place. */
    private Credential.@Nullable Loaded get(@Nullable String alias) {
        return alias == null ? null : credentials.get(Integer.parseInt(alias));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return choose(keyType, requestedName(engine.getHandshakeSession()));
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, Socket socket) {
        return choose(keyType, null);
    }

    private @Nullable String choose(String keyType, @Nullable String name) {
        boolean known = name != null && names.stream().anyMatch(n -> n.match(name));
        for (int i = 0; i < credentials.size(); i++) {
            boolean right =
                    known ? names.get(i).match(name) : names.get(i).equals(names.getFirst());
            if (right && isOfType(i, keyType)) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private static @Nullable String requestedName(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        for (String keyType : keyTypes) {
            String[] aliases = getClientAliases(keyType, issuers);
            if (aliases != null) {
                return aliases[0];
            }
        }
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String[] aliases =
                IntStream.range(0, credentials.size())
                        .filter(i -> isOfType(i, keyType) && isIssuedBy(i, issuers))
                        .mapToObj(Integer::toString)
                        .toArray(String[]::new);
        return aliases.length == 0 ? null : aliases;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return getClientAliases(keyType, issuers);
    }

    private boolean isOfType(int i, String keyType) {
        return credentials.get(i).key().getAlgorithm().equals(keyType);
    }

    private boolean isIssuedBy(int i, Principal @Nullable [] issuers) {
        if (issuers == null || issuers.length == 0) {
            return true;
        }
        List<Principal> wanted = Arrays.asList(issuers);
        return credentials.get(i).chain().stream()
                .anyMatch(c -> wanted.contains(c.getIssuerX500Principal()));
    }
}
