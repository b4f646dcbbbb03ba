package evy.io.tls;

import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Makes engines and tells them what the options say. */
final class Engines {
    private Engines() {}

    /**
     * Finds out by an engine nobody uses whether the settings name versions and suites it has.
     *
     * @return the context
     */
    static SSLContext check(SSLContext context, Settings settings) {
        create(context, settings, "localhost", 0);
        return context;
    }

    static SSLEngine create(SSLContext context, Settings settings, String host, int port) {
        String name = nameOf(settings, host);
        SSLEngine engine = context.createSSLEngine(name, port);
        engine.setUseClientMode(!settings.server);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(settings.versions.toArray(String[]::new));
        if (!settings.ciphers.isEmpty()) {
            parameters.setCipherSuites(settings.ciphers.toArray(String[]::new));
        }
        parameters.setApplicationProtocols(settings.alpn.toArray(String[]::new));
        if (settings.server) {
            askClient(parameters, settings);
        } else {
            askServer(parameters, settings, name);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static String nameOf(Settings settings, String host) {
        String name = settings.serverHostname;
        return name == null ? host : name;
    }

    private static void askClient(SSLParameters parameters, Settings settings) {
        parameters.setUseCipherSuitesOrder(true);
        switch (settings.verify) {
            case REQUIRED -> parameters.setNeedClientAuth(true);
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case NONE -> parameters.setNeedClientAuth(false);
        }
    }

    private static void askServer(SSLParameters parameters, Settings settings, String name) {
        if (settings.hostnameCheck && settings.verify != Verify.NONE) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setServerNames(serverNames(name));
    }

    /* Addresses are not sent, nor what is no name in the sense of DNS. */
    private static List<SNIServerName> serverNames(String name) {
        boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]*");
        try {
            return address ? List.of() : List.of(new SNIHostName(name));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    static SSLEngine createLike(
            SSLEngine old, SSLContext context, Settings settings, String host, int port) {
        SSLEngine engine = context.createSSLEngine(nameOf(settings, host), port);
        engine.setUseClientMode(old.getUseClientMode());
        engine.setEnableSessionCreation(old.getEnableSessionCreation());
        SSLParameters parameters = old.getSSLParameters();
        List<SNIServerName> names = parameters.getServerNames();
        if (old.getUseClientMode() && (names == null || names.isEmpty())) {
            parameters.setServerNames(serverNames(nameOf(settings, host)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }
}
