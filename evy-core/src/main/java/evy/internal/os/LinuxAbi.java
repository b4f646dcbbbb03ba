package evy.internal.os;

import java.nio.ByteOrder;

/**
 * Numbers and layouts of the Linux binary interface, as {@code asm-generic} has them: the same on
 * x86_64 and aarch64 but for {@code epoll_event}.
 */
public final class LinuxAbi {
    /** {@code os.arch} of this machine. */
    static final String ARCH = System.getProperty("os.arch", "");

    static final boolean X86_64 = ARCH.equals("amd64") || ARCH.equals("x86_64");
    static final boolean AARCH64 = ARCH.equals("aarch64") || ARCH.equals("arm64");
    static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    // socket(2), accept4(2)
    public static final int AF_UNSPEC = 0;
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;

    // shutdown(2)
    public static final int SHUT_RD = 0;
    public static final int SHUT_WR = 1;

    // recv(2), send(2)
    public static final int MSG_OOB = 0x1;
    public static final int MSG_PEEK = 0x2;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_MORE = 0x8000;

    // socket options: levels
    public static final int IPPROTO_IP = 0;
    public static final int SOL_SOCKET = 1;
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_IPV6 = 41;

    // socket options: names
    public static final int SO_REUSEADDR = 2;
    public static final int SO_BROADCAST = 6;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_KEEPALIVE = 9;
    public static final int SO_OOBINLINE = 10;
    public static final int SO_LINGER = 13;
    public static final int SO_REUSEPORT = 15;
    public static final int SO_INCOMING_NAPI_ID = 56;
    public static final int IP_TOS = 1;
    public static final int IP_MTU_DISCOVER = 10;
    public static final int IP_MULTICAST_IF = 32;
    public static final int IP_MULTICAST_TTL = 33;
    public static final int IP_MULTICAST_LOOP = 34;
    public static final int IP_ADD_MEMBERSHIP = 35;
    public static final int IP_DROP_MEMBERSHIP = 36;
    public static final int IP_MULTICAST_ALL = 49;
    public static final int IPV6_MULTICAST_IF = 17;
    public static final int IPV6_MULTICAST_HOPS = 18;
    public static final int IPV6_MULTICAST_LOOP = 19;
    public static final int IPV6_ADD_MEMBERSHIP = 20;
    public static final int IPV6_DROP_MEMBERSHIP = 21;
    public static final int IPV6_MTU_DISCOVER = 23;
    public static final int IPV6_V6ONLY = 26;
    public static final int IPV6_MULTICAST_ALL = 29;
    public static final int IPV6_TCLASS = 67;
    public static final int TCP_NODELAY = 1;
    public static final int TCP_KEEPIDLE = 4;
    public static final int TCP_KEEPINTVL = 5;
    public static final int TCP_KEEPCNT = 6;
    public static final int TCP_QUICKACK = 12;

    // ioctl(2)
    static final long FIONREAD = 0x541B;

    // epoll_ctl(2), epoll_wait(2)
    static final int EPOLL_CLOEXEC = 0x80000;
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    public static final int EPOLLIN = 0x1;
    public static final int EPOLLPRI = 0x2;
    public static final int EPOLLOUT = 0x4;
    public static final int EPOLLERR = 0x8;
    public static final int EPOLLHUP = 0x10;
    public static final int EPOLLRDHUP = 0x2000;
    public static final int EPOLLET = 1 << 31;

    // eventfd(2)
    static final int EFD_NONBLOCK = 0x800;
    static final int EFD_CLOEXEC = 0x80000;

    /*
     * struct epoll_event { uint32_t events; epoll_data_t data; }
     * packed on x86_64 so that 32- and 64-bit programs agree, naturally aligned elsewhere
     */
    static final int EPOLL_EVENT_SIZE = X86_64 ? 12 : 16;
    static final int EPOLL_EVENT_EVENTS = 0;
    static final int EPOLL_EVENT_DATA = X86_64 ? 4 : 8;

    /*
     * struct sockaddr_in { uint16_t family; be16 port; be32 addr; char zero[8]; }
     * struct sockaddr_in6 { uint16_t family; be16 port; be32 flowinfo; char addr[16]; u32 scope; }
     */
    static final int SOCKADDR_FAMILY = 0;
    static final int SOCKADDR_PORT = 2;
    static final int SOCKADDR_IN_ADDR = 4;
    static final int SOCKADDR_IN_SIZE = 16;
    static final int SOCKADDR_IN6_FLOWINFO = 4;
    static final int SOCKADDR_IN6_ADDR = 8;
    static final int SOCKADDR_IN6_SCOPE = 24;
    static final int SOCKADDR_IN6_SIZE = 28;

    /* struct sockaddr_un { uint16_t family; char path[108]; } */
    static final int SOCKADDR_UN_PATH = 2;
    static final int SOCKADDR_UN_SIZE = 110;

    /* struct ip_mreqn { be32 group; be32 address; int index; } */
    static final int MREQN_GROUP = 0;
    static final int MREQN_INDEX = 8;
    static final int MREQN_SIZE = 12;

    /* struct ipv6_mreq { char group[16]; unsigned index; } */
    static final int MREQ6_GROUP = 0;
    static final int MREQ6_INDEX = 16;
    static final int MREQ6_SIZE = 20;

    /* struct linger { int onoff; int seconds; } */
    static final int LINGER_ONOFF = 0;
    static final int LINGER_SECONDS = 4;
    static final int LINGER_SIZE = 8;

    /* struct iovec { void *base; size_t length; } */
    static final int IOVEC_LENGTH = 8;
    static final int IOVEC_SIZE = 16;

    /*
     * struct msghdr { void *name; u32 namelen; struct iovec *iov; size_t iovlen; void *control;
     * size_t controllen; int flags; }
     */
    static final int MSGHDR_IOV = 16;
    static final int MSGHDR_IOV_COUNT = 24;
    static final int MSGHDR_SIZE = 56;

    /* struct timespec { int64_t seconds; int64_t nanos; } */
    static final int TIMESPEC_SECONDS = 0;
    static final int TIMESPEC_NANOS = 8;
    static final int TIMESPEC_SIZE = 16;

    private LinuxAbi() {}
}
