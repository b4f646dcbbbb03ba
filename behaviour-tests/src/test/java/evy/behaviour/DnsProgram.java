package evy.behaviour;

import evy.Evy;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Looks names up with the JDK's own class, each on a green thread and on this one. */
final class DnsProgram {
    private DnsProgram() {}

    /**
     * Runs.
     *
     * @param hosts what to look up; the last one on a plain thread, too
     * @throws Exception if it cannot run here
     */
    public static void main(String... hosts) throws Exception {
        for (String host : hosts) {
            System.out.println("green " + Evy.run(() -> look(host)));
        }
        String last = hosts[hosts.length - 1];
        if (last.equals("localhost")) {
            System.out.println("plain " + look(last));
        }
    }

    private static String look(String host) {
        try {
            return InetAddress.getByName(host).toString();
        } catch (UnknownHostException e) {
            return e.getMessage();
        }
    }
}
