package evy.patcher.os;

import evy.patcher.bridge.Bridge;
import evy.patcher.weave.Green;
import evy.patcher.weave.Patch;
import evy.patcher.weave.Seam;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The places where the JDK blocks a thread in a read, a write or another call about files. */
public final class OsSeams {
    private static final String INPUT = "java.io.FileInputStream";
    private static final String OUTPUT = "java.io.FileOutputStream";
    private static final String RANDOM = "java.io.RandomAccessFile";
    private static final String DESCRIPTOR = "java.io.FileDescriptor";
    private static final String CHANNEL = "sun.nio.ch.UnixFileDispatcherImpl";
    private static final String TRANSFERS = "sun.nio.ch.FileDispatcherImpl";
    private static final String PATHS = "sun.nio.fs.UnixNativeDispatcher";

    private static final StreamWaits STREAMS = new StreamWaits();

    /* What hooks need to be there. */
    private static final Class<?>[] ON_THE_WAY = {
        Parking.class,
        Transfer.class,
        Runs.class,
        Originals.class,
        Reads.class,
        Writes.class,
        Opens.class,
        DiskCalls.class,
        Looks.class,
        Locks.class
    };

    /** What {@link FirstUse} initialises. */
    static final Class<?>[] AT_FIRST_USE = {
        JdkFiles.class, Kernel.class, HeldLocks.class, Shelter.class
    };

    /* Calls that look at a path, by their types. */
    private static final Map<String, List<String>> LOOKS =
            Map.of(
                    "(Lpath;)[B",
                    List.of("readlink", "realpath"),
                    "(Lpath;I)I",
                    List.of("access"),
                    "(Lpath;Lattributes;)V",
                    List.of("stat", "lstat"),
                    "(Lpath;Lattributes;)I",
                    List.of("stat2"));

    /* Calls about paths that go to the disk, by their types. */
    private static final Map<String, List<String>> PATH_CALLS =
            Map.ofEntries(
                    Map.entry("(Lpath;)V", List.of("unlink", "rmdir")),
                    Map.entry("(Lpath;Lpath;)V", List.of("link", "rename")),
                    Map.entry("([BLpath;)V", List.of("symlink")),
                    Map.entry("(Lpath;I)V", List.of("mkdir", "chmod")),
                    Map.entry("(Lpath;II)V", List.of("chown", "lchown")),
                    Map.entry("(Lpath;IJ)V", List.of("mknod")),
                    Map.entry("(Lpath;Lstore;)V", List.of("statvfs")),
                    Map.entry("(I[BILattributes;)V", List.of("fstatat")),
                    Map.entry("(I[BI)V", List.of("unlinkat")),
                    Map.entry("(I[BI[B)V", List.of("renameat")),
                    Map.entry("(ILpath;JJI)V", List.of("utimensat")),
                    Map.entry("(IJI)I", List.of("read", "write")));

    private OsSeams() {}

    /** {@return the seams of files, pipes and terminals} */
    public static List<Seam> all() {
        return List.of(transfers(), opens(), files(), locks());
    }

    /** {@return the seams of child processes} */
    public static List<Seam> processes() {
        return List.of(
                new Seam(
                        "process start",
                        List.of(
                                Patch.ofStatic(
                                        "java.lang.ProcessImpl",
                                        "start",
                                        "([Ljava/lang/String;Ljava/util/Map;Ljava/lang/String;"
                                                + "[Ljava/lang/ProcessBuilder$Redirect;Z)"
                                                + "Ljava/lang/Process;",
                                        "start")),
                        () -> {
                            gate();
                            Bridge.starts = new Opens();
                        },
                        "processes are started on native threads"));
    }

    /*
     * A class loader's own calls come by the hooks, up to where they decline. The classes on this way
     * are loaded before: a class that is needed to load it would be waited for for ever.
     */
    private static void gate() {
        if (Bridge.gate == null) {
            Green.load(ON_THE_WAY);
            Green.loadOnly(FirstUse.class);
            Green.loadOnly(AT_FIRST_USE);
            Bridge.gate = OsSeams::isGreen;
        }
    }

    private static boolean isGreen() {
        return Green.hub() != null && FirstUse.IS_OVER;
    }

    private static Seam transfers() {
        return new Seam(
                "reads and writes",
                List.of(
                        Patch.of(INPUT, "read", "()I", "read"),
                        Patch.of(INPUT, "read", "([B)I", "read"),
                        Patch.of(INPUT, "read", "([BII)I", "read"),
                        Patch.of(OUTPUT, "write", "(I)V", "write"),
                        Patch.of(OUTPUT, "write", "([B)V", "write"),
                        Patch.of(OUTPUT, "write", "([BII)V", "write"),
                        Patch.of(RANDOM, "read", "()I", "read"),
                        Patch.of(RANDOM, "readBytes", "([BII)I", "read"),
                        Patch.of(RANDOM, "implWrite", "(I)V", "write"),
                        Patch.of(RANDOM, "implWriteBytes", "([BII)V", "write"),
                        onChannel("read", "JI)I", "read"),
                        onChannel("pread", "JIJ)I", "read"),
                        onChannel("readv", "JI)J", "read"),
                        onChannel("write", "JI)I", "write"),
                        onChannel("pwrite", "JIJ)I", "write"),
                        onChannel("writev", "JI)J", "write"),
                        Patch.of(
                                "sun.nio.ch.FileChannelImpl",
                                "implCloseChannel",
                                "()V",
                                "closingChannel"),
                        Patch.of(DESCRIPTOR, "close", "()V", "ending"),
                        Patch.of("java.io.FileCleanable", "performCleanup", "()V", "cleaning")),
                OsSeams::transferHooks,
                "streams wait on the hub, files on native threads unless small and in memory;"
                        + " not under class initialisers and monitors");
    }

    private static void transferHooks() {
        gate();
        Bridge.endings = STREAMS;
        Bridge.reads = new Reads(STREAMS);
        Bridge.writes = new Writes(STREAMS);
    }

    private static Patch onChannel(String method, String rest, String hook) {
        return Patch.of(CHANNEL, method, "(Ljava/io/FileDescriptor;" + rest, hook);
    }

    private static Seam opens() {
        return new Seam(
                "opening files",
                List.of(
                        Patch.of(INPUT, "open", "(Ljava/lang/String;)V", "open"),
                        Patch.of(OUTPUT, "open", "(Ljava/lang/String;Z)V", "open"),
                        Patch.of(RANDOM, "open", "(Ljava/lang/String;I)V", "open"),
                        onPath("open", "(Lpath;II)I", "open"),
                        onPath("openat", "(I[BII)I", "open"),
                        onPath("opendir", "(Lpath;)J", "open")),
                () -> {
                    gate();
                    Bridge.opens = new Opens();
                },
                "on native threads, but to read what is known in memory");
    }

    private static Seam files() {
        List<Patch> patches = new ArrayList<>();
        patches.add(Patch.of(DESCRIPTOR, "sync", "()V", "file"));
        patches.add(Patch.of(RANDOM, "setLength", "(J)V", "file"));
        patches.add(onChannel("force", "Z)I", "file"));
        patches.add(onChannel("truncate", "J)I", "file"));
        for (String method : List.of("transferTo", "transferFrom")) {
            String type =
                    method.equals("transferTo")
                            ? "(Ljava/io/FileDescriptor;JJLjava/io/FileDescriptor;Z)J"
                            : "(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;JJZ)J";
            patches.add(Patch.of(TRANSFERS, method, type, "file"));
        }
        patches.add(Patch.of("sun.nio.fs.LinuxFileSystem", "directCopy", "(IIJ)I", "file"));
        LOOKS.forEach(
                (type, methods) -> methods.forEach(m -> patches.add(onPath(m, type, "look"))));
        PATH_CALLS.forEach(
                (type, methods) -> methods.forEach(m -> patches.add(onPath(m, type, "file"))));
        return new Seam(
                "files and directories",
                List.copyOf(patches),
                () -> {
                    gate();
                    Bridge.files = new DiskCalls();
                    Bridge.looks = new Looks();
                },
                "java.nio.file on native threads unless known in memory; java.io.File as it is");
    }

    private static Patch onPath(String method, String type, String hook) {
        String full =
                type.replace("Lpath;", "Lsun/nio/fs/UnixPath;")
                        .replace("Lattributes;", "Lsun/nio/fs/UnixFileAttributes;")
                        .replace("Lstore;", "Lsun/nio/fs/UnixFileStoreAttributes;");
        return Patch.ofStatic(PATHS, method, full, hook);
    }

    private static Seam locks() {
        return new Seam(
                "locks of files",
                List.of(onChannel("lock", "ZJJZ)I", "lock")),
                () -> {
                    gate();
                    Bridge.locks = new Locks();
                },
                "asked for again and again");
    }
}
