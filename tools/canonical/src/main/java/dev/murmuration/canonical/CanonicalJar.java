package dev.murmuration.canonical;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.ClassNode;

/**
 * Rewrites a jar of classes that Quarkus generates such that two builds of one commit give the same bytes (docs/adr/0020).
 * Entries keep their order and their times; only classes that hold what the order of the build steps left there are changed. A
 * second time it changes nothing.
 */
public final class CanonicalJar {

    private CanonicalJar() {}

    /**
     * Rewrites jars in place.
     *
     * @param jars files, each of which has to be there
     */
    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            rewrite(Path.of(jar));
        }
    }

    static void rewrite(Path jar) throws IOException {
        Map<ZipEntry, byte[]> entries = read(jar);
        Map<ZipEntry, ClassNode> classes = new LinkedHashMap<>();
        entries.forEach((entry, bytes) -> {
            if (isOfConcern(entry.getName())) {
                ClassNode type = new ClassNode();
                new ClassReader(bytes).accept(type, 0);
                classes.put(entry, type);
            }
        });
        CanonicalClasses.settle(List.copyOf(classes.values()));
        classes.forEach((entry, type) -> entries.put(entry, bytes(type)));
        write(entries, jar);
    }

    private static boolean isOfConcern(String name) {
        return name.endsWith(".class")
                && (name.startsWith("io/quarkus/runner/recorded/") || name.startsWith("io/quarkus/runtime/generated/"));
    }

    private static byte[] bytes(ClassNode type) {
        ClassWriter writer = new ClassWriter(0);
        type.accept(writer);
        return writer.toByteArray();
    }

    private static Map<ZipEntry, byte[]> read(Path jar) throws IOException {
        Map<ZipEntry, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry, zip.readAllBytes());
            }
        }
        return entries;
    }

    private static void write(Map<ZipEntry, byte[]> entries, Path jar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<ZipEntry, byte[]> entry : entries.entrySet()) {
                ZipEntry written = new ZipEntry(entry.getKey().getName());
                written.setTimeLocal(entry.getKey().getTimeLocal());
                zip.putNextEntry(written);
                zip.write(entry.getValue());
            }
        }
        Files.write(jar, bytes.toByteArray());
    }
}
