package dev.murmuration.programs;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs a program into the archive that libtorch loads: a stored zip with the code, and a pickle (protocol 2) of one module
 * object with its attributes. There are no weights in it; they enter through the program's own methods. The layout is that of <a
 * href="https://docs.pytorch.org/docs/2.7/jit_language_reference.html">TorchScript</a> archives.
 */
final class ProgramArchive {

    /**
     * File format 10, the newest that libtorch 2.7 reads. An operator has the arguments that it had in the format's time; in
     * format 3 {@code gelu} has no approximation.
     */
    private static final String VERSION = "10\n";

    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private ProgramArchive() {}

    /** The archive's bytes; the same program and values give the same bytes. */
    static byte[] pack(ProgramSource source, Map<String, Object> values) throws IOException {
        source.check(values);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, "data.pkl", pickle(source, values));
            put(zip, "code/__torch__.py", source.text().getBytes(StandardCharsets.UTF_8));
            put(zip, "constants.pkl", NO_CONSTANTS);
            put(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry("program/" + name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] pickle(ProgramSource source, Map<String, Object> values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(new byte[] {(byte) 0x80, 2}); // PROTO 2
            out.writeBytes("c__torch__\n" + source.module() + "\n"); // GLOBAL: the module's class
            out.write(new byte[] {')', (byte) 0x81, '}', '('}); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
            for (Map.Entry<String, String> attribute : source.attributes().entrySet()) {
                text(out, attribute.getKey());
                value(out, attribute.getValue(), values.getOrDefault(attribute.getKey(), true));
            }
            out.writeBytes("ub."); // SETITEMS BUILD STOP
        }
        return bytes.toByteArray();
    }

    private static void value(DataOutputStream out, String type, Object value) throws IOException {
        if (type.equals(ProgramSource.EMPTY_TENSORS)) {
            out.writeBytes("ctorch.jit._pickle\nbuild_tensorlist\n]"); // GLOBAL EMPTY_LIST
            out.write(new byte[] {(byte) 0x85, 'R'}); // TUPLE1 REDUCE
            return;
        }
        switch (value) {
            case Boolean truth -> out.write(truth ? 0x88 : 0x89);
            case Double real -> {
                out.write('G'); // BINFLOAT, big endian
                out.writeDouble(real);
            }
            case Long whole -> {
                out.write(new byte[] {(byte) 0x8a, Long.BYTES}); // LONG1, little endian
                out.writeLong(Long.reverseBytes(whole));
            }
            default -> throw new IllegalArgumentException("no attribute can be a " + value.getClass());
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write('X'); // BINUNICODE
        out.writeInt(Integer.reverseBytes(utf8.length));
        out.write(utf8);
    }
}
