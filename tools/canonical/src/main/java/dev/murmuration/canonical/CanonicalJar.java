package dev.murmuration.canonical;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
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
 * Rewrites a jar of classes that Quarkus generated such that two builds of one commit give the same bytes (docs/adr/0020). Entries keep their order and their times; only classes that hold what the
 * order of the build steps left there are changed. A second time it changes nothing.
 */
public final class CanonicalJar {

    private record Entry(String name, LocalDateTime time, byte[] bytes) {

        boolean isOfConcern() {
            return name.endsWith(".class")
                    && (name.startsWith("io/quarkus/runner/recorded/")
                            || name.startsWith("io/quarkus/runtime/generated/"));
        }
    }

    private CanonicalJar() {}

    /** @param jars files to rewrite in place; each has to be there */
    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            rewrite(Path.of(jar));
        }
    }

    static void rewrite(Path jar) throws IOException {
        List<Entry> entries = read(jar);
        Map<String, ClassNode> classes = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.isOfConcern()) {
                ClassNode type = new ClassNode();
                new ClassReader(entry.bytes()).accept(type, 0);
                classes.put(entry.name(), type);
            }
        }
        CanonicalClasses.settle(List.copyOf(classes.values()));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Entry entry : entries) {
                ZipEntry written = new ZipEntry(entry.name());
                written.setTimeLocal(entry.time());
                zip.putNextEntry(written);
                ClassNode type = classes.get(entry.name());
                zip.write(type == null ? entry.bytes() : bytes(type));
            }
        }
        Files.write(jar, bytes.toByteArray());
    }

    private static List<Entry> read(Path jar) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.add(new Entry(entry.getName(), entry.getTimeLocal(), zip.readAllBytes()));
            }
        }
        return entries;
    }

    private static byte[] bytes(ClassNode type) {
        ClassWriter writer = new ClassWriter(0);
        type.accept(writer);
        return writer.toByteArray();
    }
}
