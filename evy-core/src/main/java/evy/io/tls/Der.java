package evy.io.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * As much of DER as it takes to put the older forms of private keys into PKCS#8, which is what the
 * JDK reads.
 */
/*
 * PKCS#8:  SEQUENCE { INTEGER 0, SEQUENCE { OID algorithm, parameters }, OCTET STRING { key } }
 * SEC 1:   SEQUENCE { INTEGER 1, OCTET STRING, [0] { curve } OPTIONAL, [1] { point } OPTIONAL }
 */
final class Der {
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OID = 0x06;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xa0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};

    /* rsaEncryption 1.2.840.113549.1.1.1 and NULL */
    private static final byte[] RSA = {
        OID, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    /* ecPublicKey 1.2.840.10045.2.1 */
    private static final byte[] EC = {OID, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private Der() {}

    static byte[] pkcs8OfPkcs1(byte[] pkcs1) throws IOException {
        content(SEQUENCE, ByteBuffer.wrap(pkcs1));
        return pkcs8(RSA, pkcs1);
    }

    static byte[] pkcs8OfSec1(byte[] sec1) throws IOException {
        ByteBuffer fields = content(SEQUENCE, ByteBuffer.wrap(sec1));
        content(INTEGER, fields);
        content(OCTET_STRING, fields);
        if (!fields.hasRemaining() || (fields.get(fields.position()) & 0xff) != CURVE) {
            throw new IOException("it does not say which curve it is on");
        }
        return pkcs8(join(EC, bytes(content(CURVE, fields))), sec1);
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return wrap(
                SEQUENCE,
                join(VERSION_0, join(wrap(SEQUENCE, algorithm), wrap(OCTET_STRING, key))));
    }

    /** {@return the object identifier, in dots, of the algorithm that a key is for} */
    static String algorithmOfPkcs8(byte[] pkcs8) throws IOException {
        ByteBuffer fields = content(SEQUENCE, ByteBuffer.wrap(pkcs8));
        content(INTEGER, fields);
        ByteBuffer oid = content(OID, content(SEQUENCE, fields));
        StringBuilder dotted = new StringBuilder();
        long arc = 0;
        while (oid.hasRemaining()) {
            int next = oid.get();
            arc = (arc << 7) | (next & 0x7f);
            if (next >= 0) {
                if (dotted.isEmpty()) {
                    long first = Math.min(arc / 40, 2);
                    dotted.append(first).append('.').append(arc - 40 * first);
                } else {
                    dotted.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return dotted.toString();
    }

    /* The content of the next element, which must be of a kind; the buffer goes past it. */
    private static ByteBuffer content(int tag, ByteBuffer from) throws IOException {
        try {
            int found = from.get() & 0xff;
            int length = length(from);
            if (found != tag || length < 0 || length > from.remaining()) {
                throw new IOException("not the structure of a key");
            }
            ByteBuffer content = from.slice(from.position(), length);
            from.position(from.position() + length);
            return content;
        } catch (BufferUnderflowException e) {
            throw new IOException("not the structure of a key, or cut off", e);
        }
    }

    private static int length(ByteBuffer from) {
        int length = from.get() & 0xff;
        if (length < 0x80) {
            return length;
        }
        int octets = length & 0x7f;
        if (octets == 0 || octets > 3) {
            return -1;
        }
        length = 0;
        for (int i = 0; i < octets; i++) {
            length = (length << 8) | (from.get() & 0xff);
        }
        return length;
    }

    private static byte[] wrap(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length >= 0x80) {
            int octets = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
            out.write(0x80 | octets);
            for (int i = octets - 1; i > 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
