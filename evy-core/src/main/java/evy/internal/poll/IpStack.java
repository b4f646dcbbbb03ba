package evy.internal.poll;

import evy.internal.os.Descriptors;
import evy.internal.os.LinuxAbi;
import evy.internal.os.Sockets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which family of sockets this process opens, decided once as the JDK does. */
final class IpStack {
    /** {@code AF_INET6} for sockets of both protocols, or {@code AF_INET}. */
    static final int FAMILY = dual() ? LinuxAbi.AF_INET6 : LinuxAbi.AF_INET;

    private IpStack() {}

    private static boolean dual() {
        return !Boolean.getBoolean("java.net.preferIPv4Stack")
                && hasInet6Address()
                && canOpenInet6();
    }

    private static boolean hasInet6Address() {
        // a kernel can have the family and yet no interface with it; size() of such files is 0
        try {
            return Files.readAllBytes(Path.of("/proc/net/if_inet6")).length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean canOpenInet6() {
        int fd = Sockets.open(LinuxAbi.AF_INET6);
        if (fd < 0) {
            return false;
        }
        Descriptors.close(fd);
        return true;
    }
}
