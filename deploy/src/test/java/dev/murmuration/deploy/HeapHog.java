package dev.murmuration.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A fault to plant: an agent that fills the heap of its JVM to a little more than the 95 % of the alert HeapFull, and keeps it so. */
public final class HeapHog {

    private static final double FULL = 0.957;
    private static final int BLOCK = 64 << 10;

    private HeapHog() {}

    /** Writes it as a jar for {@code -javaagent}. */
    static Path jar(Path jar) throws IOException {
        String file = HeapHog.class.getName().replace('.', '/') + ".class";
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", HeapHog.class.getName());
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream compiled = HeapHog.class.getResourceAsStream("/" + file)) {
            output.putNextEntry(new JarEntry(file));
            Objects.requireNonNull(compiled).transferTo(output);
        }
        return jar;
    }

    /** The JVM's entry. */
    public static void premain(String arguments) {
        Thread.ofPlatform().daemon().name("heap-hog").start(HeapHog::fill);
    }

    private static void fill() {
        Runtime runtime = Runtime.getRuntime();
        List<byte[]> held = new ArrayList<>();
        try {
            TimeUnit.SECONDS.sleep(20); // The service starts undisturbed.
            while (true) {
                while (runtime.totalMemory() - runtime.freeMemory() < FULL * runtime.maxMemory()) {
                    held.add(new byte[BLOCK]);
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (InterruptedException | OutOfMemoryError e) {
            // As full as it can be; the list is still held by the next line.
            keep(held);
        }
    }

    private static void keep(List<byte[]> held) {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            held.clear();
        }
    }
}
