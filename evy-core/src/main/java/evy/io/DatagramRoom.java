package evy.io;

import org.jspecify.annotations.Nullable;

import java.lang.ref.WeakReference;
import java.net.DatagramPacket;

/**
 * How much a packet can take. Receiving sets its length to that of the datagram; the JDK's sockets
 * know how long it was before, which only they can see. So that a packet that is used again and
 * again does not shrink, this remembers the last one and what it was left with.
 */
final class DatagramRoom {
    /** A packet and what it was left with. */
    private static final class Used {
        private final WeakReference<DatagramPacket> packet;
        private final byte[] data;
        private final int offset;
        private final int length;
        private final int room;

        Used(WeakReference<DatagramPacket> reference, DatagramPacket packet, int room) {
            this.packet = reference;
            this.data = packet.getData();
            this.offset = packet.getOffset();
            this.length = packet.getLength();
            this.room = room;
        }

        boolean is(DatagramPacket other) {
            return packet.refersTo(other)
                    && data == other.getData()
                    && offset == other.getOffset()
                    && length == other.getLength();
        }
    }

    private volatile @Nullable Used last;

    /** How many bytes the packet can take. */
    int of(DatagramPacket packet) {
        Used used = last;
        return used != null && used.is(packet) ? used.room : packet.getLength();
    }

    /** Notes that a packet with so much room was given another length. */
    void used(DatagramPacket packet, int room) {
        Used before = last;
        if (packet.getLength() == room) {
            last = null;
        } else {
            WeakReference<DatagramPacket> reference =
                    before != null && before.packet.refersTo(packet)
                            ? before.packet
                            : new WeakReference<>(packet);
            last = new Used(reference, packet, room);
        }
    }
}
